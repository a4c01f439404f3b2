import type { ReanaProps } from './reana-props';
import type { ReanaSite } from './reana-site';

/** What Kubernetes takes as an amount of storage or memory, above nothing. */
const AMOUNT = /^(?=.*[1-9])\d+(\.\d+)?(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?$/;
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** A host or an address, without scheme or port. */
const SERVER = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/;

/** What would be found out by the cluster, or by nobody: sizes, servers and quotas that cannot be. */
export function valueProblems(site: ReanaSite): string[] {
  const { props } = site;
  return [
    ...sizeProblems(site),
    ...serverProblems(site),
    ...quotaProblems(props),
    ...(props.runs === undefined || NAMESPACE.test(props.runs.namespace)
      ? []
      : [
          `'runs.namespace' must be the name of a namespace, of lower-case letters, digits and '-', got '${props.runs.namespace}'`,
        ]),
  ];
}

function sizeProblems({ backup, props }: ReanaSite): string[] {
  const { workspaces, database, messages, limits } = props;
  const amounts: Readonly<Record<string, string | undefined>> = {
    'workspaces.size': workspaces.kind === 'claim' ? workspaces.size : undefined,
    'database.size': database.kind === 'inside' ? database.size : undefined,
    'database.backup.size': backup?.size,
    'messages.size': messages.size,
    'limits.jobMemory': limits?.jobMemory,
    'limits.largestJobMemory': limits?.largestJobMemory,
  };
  return Object.entries(amounts).flatMap(([field, value]) =>
    value === undefined || AMOUNT.test(value)
      ? []
      : [`'${field}' must be an amount as Kubernetes writes it, such as '20Gi', got '${value}'`],
  );
}

function serverProblems({ mail, props: { database } }: ReanaSite): string[] {
  const at = (what: string, field: string, host: string, port: number): string[] => [
    ...(SERVER.test(host)
      ? []
      : [`'${what}.${field}' must name a host, without scheme and port, got '${host}'`]),
    ...(Number.isInteger(port) && port > 0 && port <= 65_535
      ? []
      : [`'${what}.port' must be a port from 1 to 65535, got '${port}'`]),
  ];
  return [
    ...(database.kind === 'external' ? at('database', 'host', database.host, database.port) : []),
    ...(mail === undefined ? [] : at('mail', 'server', mail.server, mail.port)),
  ];
}

function quotaProblems({ limits }: ReanaProps): string[] {
  const { userCpuHours = 0, userDiskGiB = 0 } = limits ?? {};
  return Object.entries({ userCpuHours, userDiskGiB }).flatMap(([field, value]) =>
    Number.isFinite(value) && value >= 0
      ? []
      : [`'limits.${field}' must be a number from 0, which is any, got '${value}'`],
  );
}
