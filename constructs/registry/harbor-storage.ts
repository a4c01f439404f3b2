import type { IStorageClass, ObjectBucket } from '../contracts';

/** Where layers of images are kept. */
export type ImageStorage =
  /** On a claim. More than one registry pod need a class that many nodes can write to. */
  | {
      readonly kind: 'claim';
      /** Size as Kubernetes writes it: `500Gi`. */
      readonly size: string;
      readonly class: IStorageClass;
    }
  /** In a bucket, which any number of pods share. */
  | {
      readonly kind: 's3';
      readonly bucket: ObjectBucket;
      /**
       * Whether clients are sent to the bucket for layers. They must then reach its endpoint; Ceph RGW inside a cluster usually
       * is not reachable for them.
       */
      readonly redirect: boolean;
      /** Folder in the bucket: `/harbor`. Empty for the bucket's root. */
      readonly folder: string;
    };

/** Where the logs of jobs are kept. */
export type JobLogs =
  | { readonly kind: 'database' }
  /** In files that one pod alone writes. */
  | { readonly kind: 'claim'; readonly size: string; readonly class: IStorageClass };

/** Days after which the log of a job is dropped. */
export const JOB_LOG_DAYS = 14;
