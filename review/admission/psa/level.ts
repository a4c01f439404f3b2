/** How much Pod Security lets pods do. */
export type PsaLevel = 'privileged' | 'baseline' | 'restricted';

/** A level with the minor of Kubernetes 1 whose rules count; `latest` is the cluster's own. */
export interface PsaPolicy {
  readonly level: PsaLevel;
  readonly version: number | 'latest';
}

/** What the labels of a namespace ask of its pods. */
export interface PsaPolicies {
  readonly enforce: PsaPolicy;
  readonly audit: PsaPolicy;
  readonly warn: PsaPolicy;
  /** Labels that cannot be read, with what is taken instead. */
  readonly problems: readonly string[];
}

const PREFIX = 'pod-security.kubernetes.io/';
const LEVELS: readonly string[] = ['privileged', 'baseline', 'restricted'];
const STRICTNESS = { privileged: 0, baseline: 1, restricted: 2 } as const;

/** Levels from the laxest to the strictest. */
export const PSA_LEVELS: readonly PsaLevel[] = ['privileged', 'baseline', 'restricted'];

/** What a namespace without labels asks. On OKD 4.11 and later the cluster's own configuration audits and warns at restricted. */
export interface PsaDefaults {
  readonly enforce: PsaLevel;
  readonly audit: PsaLevel;
  readonly warn: PsaLevel;
}

/** Reads the labels of a namespace as the plugin does. Source: k8s.io/pod-security-admission v0.36.0, `api/helpers.go`, PolicyToEvaluate. */
export function policiesOf(
  labels: Readonly<Record<string, string>>,
  defaults: PsaDefaults = { enforce: 'privileged', audit: 'privileged', warn: 'privileged' },
): PsaPolicies {
  const problems: string[] = [];
  const level = (mode: keyof PsaDefaults, otherwise: PsaLevel): PsaLevel => {
    const text = labels[PREFIX + mode];
    if (text === undefined) return defaults[mode];
    if (isLevel(text)) return text;
    problems.push(
      `label ${PREFIX}${mode} must be one of ${LEVELS.join(', ')}, got '${text}'; ${otherwise} counts`,
    );
    return otherwise;
  };
  const version = (mode: string): PsaPolicy['version'] => {
    const name = `${PREFIX}${mode}-version`;
    const text = labels[name];
    if (text === undefined || text === 'latest') return 'latest';
    const minor = /^v1\.(0|[1-9]\d*)$/.exec(text)?.[1];
    if (minor !== undefined) return Number(minor);
    problems.push(`label ${name} must be 'latest' or 'v1.<minor>', got '${text}'; latest counts`);
    return 'latest';
  };
  const enforce = {
    level: level('enforce', 'restricted'),
    version: version('enforce'),
  };
  const audit = { level: level('audit', 'privileged'), version: version('audit') };
  const warn = { level: level('warn', 'privileged'), version: version('warn') };
  // A namespace that enforces more than it warns of would refuse without a word before.
  const unsaid = labels[`${PREFIX}warn`] === undefined;
  const asked = isLevel(labels[`${PREFIX}enforce`] ?? '');
  const follows = unsaid && asked && STRICTNESS[enforce.level] > STRICTNESS[warn.level];
  const said = labels[`${PREFIX}warn-version`] !== undefined;
  return {
    enforce,
    audit,
    warn: follows ? { level: enforce.level, version: said ? warn.version : enforce.version } : warn,
    problems,
  };
}

function isLevel(text: string): text is PsaLevel {
  return LEVELS.includes(text);
}

/** A policy as the cluster writes it: `restricted:v1.34`. */
export function policyText({ level, version }: PsaPolicy): string {
  return `${level}:${version === 'latest' ? 'latest' : `v1.${version}`}`;
}
