/** One OKD release line and the Kubernetes in it. */
export interface OkdRelease {
  /** Minor version of Kubernetes 1 in it. */
  readonly kubernetes: number;
  readonly source: string;
}

const RELEASES = 'https://github.com/okd-project/okd/releases/tag';
const SCOS_RELEASES = 'https://github.com/okd-project/okd-scos/releases/tag';
/** Red Hat's table for OpenShift, whose Kubernetes OKD shares. */
const TABLE = 'https://access.redhat.com/solutions/4870701';
/** No page was found: the releases before and after take one Kubernetes each. */
const BETWEEN = `${RELEASES}/4.17.0-okd-scos.0 and its neighbours`;

/** Every OKD that Beamline knows. A release page lists the Kubernetes version among its components. */
export const OKD_RELEASES = {
  '3.11': { kubernetes: 11, source: 'https://github.com/openshift/origin/releases/tag/v3.11.0' },
  '4.6': { kubernetes: 19, source: `${RELEASES}/4.6.0-0.okd-2021-01-17-185703` },
  '4.7': { kubernetes: 20, source: `${RELEASES}/4.7.0-0.okd-2021-04-24-103438` },
  '4.8': { kubernetes: 21, source: TABLE },
  '4.9': { kubernetes: 22, source: TABLE },
  '4.10': { kubernetes: 23, source: `${RELEASES}/4.10.0-0.okd-2022-07-09-073606` },
  '4.11': { kubernetes: 24, source: `${RELEASES}/4.11.0-0.okd-2022-11-05-030711` },
  '4.12': { kubernetes: 25, source: TABLE },
  '4.13': { kubernetes: 26, source: TABLE },
  '4.14': { kubernetes: 27, source: `${SCOS_RELEASES}/4.14.0-0.okd-scos-2024-01-30-032525` },
  '4.15': { kubernetes: 28, source: `${RELEASES}/4.15.0-0.okd-2024-03-10-010116` },
  '4.16': { kubernetes: 29, source: BETWEEN },
  '4.17': { kubernetes: 30, source: `${RELEASES}/4.17.0-okd-scos.0` },
  '4.18': { kubernetes: 31, source: BETWEEN },
  '4.19': { kubernetes: 32, source: BETWEEN },
  '4.20': { kubernetes: 33, source: `${RELEASES}/4.20.0-okd-scos.ec.9` },
  '4.21': { kubernetes: 34, source: 'https://okd.io/blog/' },
} as const satisfies Readonly<Record<string, OkdRelease>>;

/** First and last minor version of plain Kubernetes that Beamline knows. */
export const KUBERNETES_MINORS = [
  18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36,
] as const;

/** What an environment's cluster is. */
export type TargetName =
  `okd ${keyof typeof OKD_RELEASES}` | `kubernetes 1.${(typeof KUBERNETES_MINORS)[number]}`;
