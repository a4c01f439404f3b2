import { Construct } from 'constructs';
import type { VolumeMount } from 'kubernetes-types/core/v1';

import type { TaskProps } from '../kit/containers';
import { cronJob } from '../kit/jobs';
import { labelsOf, type Part } from '../kit/labels';
import { allow, API_SERVER } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { grantOnCluster, serviceAccount } from '../kit/rbac';
import { secretToken } from '../kit/secret-value';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import { imageRef, IMAGES } from '../versions';
import { directoryAddress } from './directory-address';
import { directoryFacts } from './directory-facts';
import type { LdapIdentityProps } from './identity-props';
import { ldapProblems } from './ldap-problems';
import { syncConfig } from './sync-config';

/** How OKD's groups follow a directory. */
export interface GroupSyncProps {
  readonly directory: LdapIdentityProps;
  /**
   * When it runs, as cron writes it, in UTC. Somebody who leaves a group keeps its rights until then.
   *
   * @default '*\/15 * * * *'
   */
  readonly schedule?: string;
}

const NAME = 'group-sync';
const CONFIG = '/etc/group-sync';
const SECRET = '/etc/group-sync-secret'; // a path, no secret

/**
 * Makes OKD's groups what a directory says, at every run: members who left are taken out, groups that are gone are removed.
 * It runs `oc adm groups sync` and then `oc adm groups prune`, with rights over groups and nothing else.
 */
export class GroupSync extends Construct {
  private readonly part: Part = {
    name: NAME,
    instance: NAME,
    component: 'sync',
    partOf: 'identity',
    version: IMAGES.originCli.tag,
  };

  constructor(scope: Construct, id: string, { directory, schedule }: GroupSyncProps) {
    super(scope, id);
    const target = targetOf(this);
    rejectInvalid(this, [
      ...(target.serves('Group')
        ? []
        : [
            `a group sync needs OKD's groups, which '${target.name}' does not have; let Dex tell groups (constructs/identity/dex.ts)`,
          ]),
      ...ldapProblems(directory),
    ]);
    this.addRights();
    this.addRuns(directory, schedule ?? '*/15 * * * *');
    const { port } = directoryAddress(directory.url);
    allow(this, 'Allow', {
      name: NAME,
      part: this.part,
      to: [API_SERVER, { peers: 'anyone', ports: [port] }],
    });
  }

  private addRights(): void {
    const namespace = namespaceOf(this);
    serviceAccount(this, 'ServiceAccount', NAME, this.part);
    grantOnCluster(this, 'Groups', {
      name: `beamline:${namespace}:${NAME}`,
      part: this.part,
      rules: [
        {
          apiGroups: ['user.openshift.io'],
          resources: ['groups'],
          verbs: ['get', 'list', 'create', 'update', 'delete'],
        },
      ],
      to: { name: NAME, namespace },
    });
  }

  private addRuns(directory: LdapIdentityProps, schedule: string): void {
    const labels = labelsOf(this.part);
    const config = kubeObject(this, 'Config', 'ConfigMap', {
      metadata: { name: NAME, labels, annotations: directoryFacts(directory) },
      data: {
        'sync.yaml': syncConfig(directory, {
          password: directory.bind === undefined ? undefined : `${SECRET}/bind-password`,
          ca: directory.ca === undefined ? undefined : `${CONFIG}/ca.crt`,
        }),
        ...(directory.ca === undefined ? {} : { 'ca.crt': directory.ca }),
      },
    });
    const secret =
      directory.bind === undefined
        ? undefined
        : kubeObject(this, 'Secret', 'Secret', {
            metadata: { name: NAME, labels },
            type: 'Opaque',
            stringData: { 'bind-password': secretToken(directory.bind.password) },
          });
    const mounts: VolumeMount[] = [
      { name: 'config', mountPath: CONFIG, readOnly: true },
      ...(secret === undefined ? [] : [{ name: 'secret', mountPath: SECRET, readOnly: true }]),
    ];
    cronJob(this, 'CronJob', {
      name: NAME,
      part: this.part,
      schedule,
      restart: 'Never',
      backoffLimit: 1,
      deadlineSeconds: 600,
      serviceAccount: NAME,
      usesApi: true,
      // One after the other: what is gone is removed only when what is there could be read.
      initContainers: [step('sync', mounts)],
      containers: [step('prune', mounts)],
      config: [config, ...(secret === undefined ? [] : [secret])],
      volumes: [
        { name: 'config', configMap: { name: NAME } },
        ...(secret === undefined ? [] : [{ name: 'secret', secret: { secretName: NAME } }]),
      ],
    });
  }
}

/** The arguments of one step; the tests run the very same. */
export function syncArguments(verb: 'sync' | 'prune', config = `${CONFIG}/sync.yaml`): string[] {
  return ['adm', 'groups', verb, `--sync-config=${config}`, '--confirm'];
}

function step(verb: 'sync' | 'prune', mounts: readonly VolumeMount[]): TaskProps {
  return {
    name: verb,
    image: imageRef(IMAGES.originCli),
    command: ['oc'],
    args: syncArguments(verb),
    // oc keeps what it learns of the API below the home directory.
    env: [{ name: 'HOME', value: '/tmp' }],
    resources: { cpu: '50m', memory: '64Mi', memoryLimit: '256Mi' },
    mounts,
    scratch: { '/tmp': '64Mi' },
  };
}
