import type { App } from 'cdk8s';
import { z } from 'zod';

import type { ImageMirror } from '../constructs/kit/images';
import { Target, type TargetName } from '../constructs/targets';
import type { Cluster } from './cluster';
import { parseOrExplain } from './facts';
import { label, nodePool } from './schemas';

/** One cluster, or one project on a shared cluster: what runs there and how it is reached. */
export interface EnvironmentProps {
  /** Name of the folder in `environments/` and of the Pulumi stack. A DNS label. */
  readonly name: string;

  /** What the cluster is: `okd 3.11`, `okd 4.6` to `okd 4.21`, `kubernetes 1.18` to `kubernetes 1.36`. */
  readonly target: TargetName;

  /** Where it is. */
  readonly cluster: Cluster;

  /**
   * With whose rights it is deployed. With those of a project's admin, only what such an admin may apply is: the rest of the plan is for the
   * admin of the cluster, once, before (`beamline render --split`). `kube-system` being closed to him, `clusterId` is then the UID of the
   * project's namespace.
   *
   * @default 'cluster-admin'
   */
  readonly rights?: Rights;

  /**
   * Whether data outlives the code: `keep` protects namespaces, claims, volumes and custom resource
   * definitions from deletion and keeps them when they leave the plan; `disposable` lets `down` clear everything.
   *
   * @default 'keep'
   */
  readonly data?: 'keep' | 'disposable';

  /**
   * Objects that were renamed, as `{ from: '<ns>/<kind>.<group>/<old>', to: '<ns>/<kind>.<group>/<new>' }`,
   * so that the state follows the name. An entry can go once every deployment has seen it.
   *
   * @default []
   */
  readonly moved?: readonly { readonly from: string; readonly to: string }[];

  /**
   * Objects that exist in the cluster, made by somebody else, and are to be taken over: `<ns|_>/<kind>.<group>/<name>`.
   *
   * @default []
   */
  readonly adopt?: readonly string[];

  /**
   * Objects that the cluster already has and that the plan may name: `_/storageclass.storage.k8s.io/thin`.
   *
   * @default []
   */
  readonly provided?: readonly string[];

  /**
   * Findings of `beamline check` that the site knows of and lives with: which, why, and until what day.
   *
   * @default []
   */
  readonly accepted?: readonly {
    /** The finding's rule: `selector/matches-nothing`. */
    readonly rule: string;
    /** The object's id, or the construct's path where the finding is about no object. */
    readonly object: string;
    readonly reason: string;
    /** Last day on which it is accepted: `2027-01-31`. */
    readonly until: string;
  }[];

  /**
   * How secrets are encrypted in settings and state: `passphrase`, or any Pulumi secrets provider, such as
   * `hashivault://<key>`. It is set when the environment is first deployed; `pulumi stack change-secrets-provider` changes it.
   *
   * @default 'passphrase'
   */
  readonly secretsProvider?: string;

  /**
   * A registry that has all images, for sites without internet: `beamline images mirror` fills it. Once `images.lock`, beside the folders
   * of the environments, has the digest of an image, it is pulled by that.
   *
   * @default 'none'
   */
  readonly mirror?: ImageMirror | 'none';

  /** Builds the stacks into the app, in reading order. */
  readonly build: (app: App) => void;
}

/** Whose rights a deployment has: those of the cluster's admin, or of the admin of one project and nothing more. */
export type Rights = 'cluster-admin' | { readonly projectAdmin: string };

/** An environment whose facts were checked. */
export interface Environment extends Required<Omit<EnvironmentProps, 'target'>> {
  readonly target: Target;
}

const OBJECT_ID = /^(_|[a-z0-9][a-z0-9-]*)\/[a-z0-9][a-z0-9.-]*\/[a-zA-Z0-9][a-zA-Z0-9:._-]*$/;
const objectId = z.string().regex(OBJECT_ID, "must be '<namespace|_>/<kind>.<group>/<name>'");

const cluster = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('embedded'),
    nodes: z.array(nodePool).min(1, 'must list at least one pool of nodes'),
  }),
  z.strictObject({
    kind: z.literal('kubeconfig'),
    context: z.string().min(1, 'must be the name of a context in the kubeconfig'),
    server: z.url({ protocol: /^https?$/, error: 'must be the URL of the API server' }),
    clusterId: z.uuid({
      error:
        "must be the UID of the kube-system namespace, or of the project's with its admin's rights",
    }),
    nodes: z.array(nodePool).min(1, 'must list at least one pool of nodes').optional(),
  }),
]);

const fields = z.strictObject({
  name: label,
  target: z.string().transform((text, context) => {
    try {
      return Target.parse(text);
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: error instanceof Error ? error.message : String(error),
      });
      return z.NEVER;
    }
  }),
  cluster,
  rights: z
    .union([z.literal('cluster-admin'), z.strictObject({ projectAdmin: label })], {
      error: "must be 'cluster-admin' or { projectAdmin: '<project>' }",
    })
    .default('cluster-admin'),
  data: z.enum(['keep', 'disposable'], { error: "must be 'keep' or 'disposable'" }).default('keep'),
  moved: z.array(z.strictObject({ from: objectId, to: objectId })).default([]),
  adopt: z.array(objectId).default([]),
  provided: z.array(objectId).default([]),
  accepted: z
    .array(
      z.strictObject({
        rule: z.string().regex(/^[a-z-]+\/[a-z-]+$/, "must be a rule: 'port/closed'"),
        object: z.string().min(1, 'must be the id of an object or the path of a construct'),
        reason: z.string().min(10, 'must say why, in a sentence'),
        until: z.iso.date({ error: "must be a day: '2027-01-31'" }),
      }),
    )
    .default([]),
  secretsProvider: z
    .string()
    .regex(
      /^(passphrase|(hashivault|awskms|azurekeyvault|gcpkms):\/\/.+)$/,
      'must be passphrase, hashivault://, awskms://, azurekeyvault:// or gcpkms://',
    )
    .default('passphrase'),
  mirror: z
    .union([
      z.literal('none'),
      z.strictObject({
        at: z
          .string()
          .regex(
            /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
            "must be a registry and a path, as 'registry.example.org/mirror', without scheme and without '/' at its end",
          ),
        exceptNamespaces: z.array(label).default([]),
      }),
    ])
    .default('none'),
  build: z.custom<(app: App) => void>(
    (value) => typeof value === 'function',
    'must be a function of the app',
  ),
});

const environment = fields.refine(
  ({ cluster: { kind }, rights }) => kind === 'kubeconfig' || rights === 'cluster-admin',
  {
    path: ['rights'],
    error:
      "must be 'cluster-admin' on an embedded control plane, which is ours; 'beamline rehearse' deploys with a project admin's where the cluster is pinned",
  },
);

/** Describes an environment. Throws one error with every problem of the description. */
export function defineEnvironment(props: EnvironmentProps): Environment {
  return parseOrExplain(environment, props, `environment '${props.name}'`);
}
