import { containersOf, type Pod } from './pod';
import type { SccOpinion, SccVerdict } from './scc/admit';
import { reasonText } from './scc/reason';

/** The ids that the containers of an admitted pod run with. */
export interface ContainerIds {
  readonly name: string;
  /**
   * Absent where the image decides.
   *
   * @default - the image or the runtime decides
   */
  readonly runAsUser?: number;
  /** @default - the image or the runtime decides */
  readonly runAsGroup?: number;
  /** @default - the image or the runtime decides */
  readonly runAsNonRoot?: boolean;
  readonly add: readonly string[];
  readonly drop: readonly string[];
  /** @default - the image or the runtime decides */
  readonly seLinux?: unknown;
}

/** The answer to one question. */
export interface Answer {
  readonly kind: 'scc' | 'psa';
  readonly admitted: boolean;
  /** Why: what decided it, as a sentence. */
  readonly why: string;
  /** The SCC, or null where none was needed or found. */
  readonly scc: string | null;
  /** Whose right it was: `serviceaccount` or `user`. */
  readonly subject: 'serviceaccount' | 'user' | null;
  /** The pod after mutation; null if it was refused. */
  readonly pod: Pod | null;
  /** @default - files keep their group */
  readonly fsGroup?: number;
  /** @default - none */
  readonly supplementalGroups?: readonly number[];
  /** @default - the runtime decides */
  readonly seLinux?: unknown;
  /** @default - the pod was refused */
  readonly containers?: readonly ContainerIds[];
  /** Every SCC that would take the pod, in the order tried, whoever may use it. */
  readonly wouldTake: readonly { readonly scc: string; readonly usableBy: string | null }[];
  /** Every SCC that would not, and why. */
  readonly wouldNot: readonly {
    readonly scc: string;
    readonly usableBy: string | null;
    readonly reasons: readonly string[];
  }[];
}

/** A verdict of SCC admission as an answer. */
export function answerOf(verdict: SccVerdict): Answer {
  const opinions = verdict.kind === 'ignored' ? [] : verdict.opinions;
  const pod = verdict.kind === 'refused' ? null : verdict.pod;
  return {
    kind: 'scc',
    admitted: verdict.kind !== 'refused',
    why: verdict.why,
    scc: verdict.kind === 'admitted' ? verdict.scc : null,
    subject: verdict.kind === 'admitted' ? verdict.subject : null,
    pod,
    ...(pod === null ? {} : idsOf(pod)),
    wouldTake: opinions.filter(takes).map(({ scc, usableBy }) => ({
      scc: scc.name,
      usableBy: usableBy ?? null,
    })),
    wouldNot: opinions
      .filter((opinion) => !takes(opinion))
      .map(({ scc, usableBy, reasons }) => ({
        scc: scc.name,
        usableBy: usableBy ?? null,
        reasons: reasons.map(reasonText),
      })),
  };
}

function takes({ reasons }: SccOpinion): boolean {
  return reasons.length === 0;
}

/** What a pod runs as, read from the pod itself. */
export function idsOf(
  pod: Pod,
): Pick<Answer, 'fsGroup' | 'supplementalGroups' | 'seLinux' | 'containers'> {
  const { fsGroup, supplementalGroups, seLinuxOptions, runAsUser, runAsGroup, runAsNonRoot } =
    pod.spec.securityContext;
  return {
    ...(fsGroup === undefined ? {} : { fsGroup }),
    ...(supplementalGroups === undefined ? {} : { supplementalGroups }),
    ...(seLinuxOptions === undefined ? {} : { seLinux: seLinuxOptions }),
    containers: containersOf(pod.spec).map(({ container }) => {
      const own = container.securityContext ?? {};
      const user = own.runAsUser ?? runAsUser;
      const group = own.runAsGroup ?? runAsGroup;
      const nonRoot = own.runAsNonRoot ?? runAsNonRoot;
      const seLinux = own.seLinuxOptions;
      return {
        name: container.name,
        ...(user === undefined ? {} : { runAsUser: user }),
        ...(group === undefined ? {} : { runAsGroup: group }),
        ...(nonRoot === undefined ? {} : { runAsNonRoot: nonRoot }),
        add: own.capabilities?.add ?? [],
        drop: own.capabilities?.drop ?? [],
        ...(seLinux === undefined ? {} : { seLinux }),
      };
    }),
  };
}
