import type { TenantSpace } from './tenant-props';

/** A tenant, as its neighbours see it. */
export interface Neighbour {
  readonly namespaces: readonly string[];
  readonly spaceIn: (namespace: string) => TenantSpace | undefined;
}

/** What a tenant may reach at another tenant that does not let it in. */
export function unansweredEgress(tenant: Neighbour, others: readonly Neighbour[]): string[] {
  return tenant.namespaces.flatMap((namespace) =>
    (tenant.spaceIn(namespace)?.traffic?.to ?? []).flatMap((rule) => {
      if (rule.kind !== 'pods') return [];
      const other = others.find(({ namespaces }) => namespaces.includes(rule.namespace));
      if (other === undefined) return [];
      const answers = (other.spaceIn(rule.namespace)?.traffic?.from ?? []).filter(
        (one) => one.namespace === namespace,
      );
      const closed = rule.ports.filter(
        (port) => !answers.some(({ ports }) => ports.includes(port)),
      );
      return closed.length === 0
        ? []
        : [
            `'${namespace}' may speak to '${rule.namespace}' on ${closed.join(', ')}, where nobody from there is let in; add it to 'traffic.from' of the tenant '${other.namespaces[0] ?? ''}', or take it back`,
          ];
    }),
  );
}
