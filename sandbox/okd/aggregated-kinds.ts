/** A kind that OKD serves from an API server of its own, for which it therefore has no definition to install. */
interface AggregatedKind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
}

/** The kinds that environments use: OpenShift API, `<group>/v1/types.go`. */
const AGGREGATED: readonly AggregatedKind[] = [
  { group: 'project.openshift.io', kind: 'Project', plural: 'projects', scope: 'Cluster' },
  { group: 'user.openshift.io', kind: 'User', plural: 'users', scope: 'Cluster' },
  { group: 'user.openshift.io', kind: 'Identity', plural: 'identities', scope: 'Cluster' },
  { group: 'user.openshift.io', kind: 'Group', plural: 'groups', scope: 'Cluster' },
  { group: 'image.openshift.io', kind: 'ImageStream', plural: 'imagestreams', scope: 'Namespaced' },
  {
    group: 'apps.openshift.io',
    kind: 'DeploymentConfig',
    plural: 'deploymentconfigs',
    scope: 'Namespaced',
  },
  { group: 'template.openshift.io', kind: 'Template', plural: 'templates', scope: 'Namespaced' },
  { group: 'oauth.openshift.io', kind: 'OAuthClient', plural: 'oauthclients', scope: 'Cluster' },
];

/** A definition as an API server takes it. */
interface Definition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly [field: string]: unknown;
}

/** Definitions that accept these kinds as they are written, without OKD's own checks. */
export function aggregatedCrds(): readonly Definition[] {
  return AGGREGATED.map(({ group, kind, plural, scope }) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description:
                `${kind} as Beamline's sandbox accepts it: any fields, none checked. On OKD an API server of its own ` +
                'serves this kind, and no definition of it is published.',
              'x-kubernetes-preserve-unknown-fields': true,
            },
          },
        },
      ],
    },
  }));
}
