/** What jobs and users may take. */
export interface ReanaLimits {
  /**
   * Workflows that run at once.
   *
   * @default 30
   */
  readonly workflows?: number;
  /**
   * Memory of a job that names none, as Kubernetes writes it.
   *
   * @default '4Gi'
   */
  readonly jobMemory?: string;
  /**
   * Memory that a job may ask for.
   *
   * @default - any
   */
  readonly largestJobMemory?: string;
  /**
   * Days until a job is ended.
   *
   * @default 7
   */
  readonly jobDays?: number;
  /**
   * CPU time of one user, in hours; 0 for any.
   *
   * @default 0
   */
  readonly userCpuHours?: number;
  /**
   * Files of one user, in GiB; 0 for any.
   *
   * @default 0
   */
  readonly userDiskGiB?: number;
  /**
   * Days after which files of a workspace may be deleted by its rules.
   *
   * @default - never
   */
  readonly retentionDays?: number;
}
