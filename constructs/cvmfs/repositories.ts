import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Volume, VolumeMount } from 'kubernetes-types/core/v1';

import { labelsOf, type Part } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import { clientConf, keyFiles, KEYS_DIRECTORY, type ClientRole } from './client-conf';
import { exportIdsOf } from './fsid';
import type { ExportedRepository } from './ganesha-conf';
import { problemsIn } from './repositories-problems';
import type { CvmfsRepositoriesProps } from './repositories-props';
import { mountOf, portOf, serversOf, type CvmfsRepository } from './repository';

/** A client's configuration in a cluster: the object that holds it, and how a container gets it. */
export interface ClientConfiguration {
  readonly object: ApiObject;
  readonly volume: Volume;
  readonly mounts: readonly VolumeMount[];
}

/** What a way of access asks the catalogue for. */
export interface ClientRequest {
  /** Name of the ConfigMap. */
  readonly name: string;
  readonly part: Part;
  /** Directory of the client's cache. */
  readonly cacheDirectory: string;
  readonly role: ClientRole;
  /**
   * Directory that the client reads as `/etc/cvmfs`.
   *
   * @default '/etc/cvmfs'
   */
  readonly directory?: string;
}

/** The repositories of a site: one catalogue, from which every way of access is configured. It makes no object itself. */
export class CvmfsRepositories extends Construct {
  public readonly repositories: readonly CvmfsRepository[];
  public readonly quotaMiB: number;
  public readonly httpProxy: string;
  /** Further parameters of every client. */
  public readonly settings: Readonly<Record<string, string>>;
  private readonly shardProxies: boolean;

  constructor(scope: Construct, id: string, props: CvmfsRepositoriesProps) {
    super(scope, id);
    rejectInvalid(this, problemsIn(props));
    this.repositories = props.repositories;
    this.quotaMiB = props.quotaMiB;
    this.httpProxy = props.httpProxy;
    this.settings = props.settings ?? {};
    this.shardProxies = props.shardProxies ?? false;
  }

  /** The repositories as NFS servers export them: numbers and paths that depend on the name alone. */
  public get exported(): readonly ExportedRepository[] {
    return this.repositories.map((repository) => ({
      name: repository.name,
      ...exportIdsOf(repository.name),
      ...(repository.exportId === undefined ? {} : { exportId: repository.exportId }),
      mount: mountOf(repository),
    }));
  }

  /** TCP ports that a client connects to: those of the proxies, and of the servers where it may go there directly. */
  public get clientPorts(): readonly number[] {
    const proxies = [this.httpProxy, ...this.repositories.map(({ httpProxy }) => httpProxy ?? '')]
      .flatMap((list) => list.split(/[|;]/))
      .filter((entry) => entry !== '');
    const ports = proxies.flatMap((entry) =>
      entry === 'DIRECT' ? serversOf(this.repositories).ports : [portOf(new URL(entry))],
    );
    return [...new Set(ports)].sort((a, b) => a - b);
  }

  /** Adds a client's configuration to the namespace of `scope`. */
  public configure(scope: Construct, id: string, request: ClientRequest): ClientConfiguration {
    const directory = request.directory ?? '/etc/cvmfs';
    const conf = clientConf({
      repositories: this.repositories,
      httpProxy: this.httpProxy,
      shardProxies: this.shardProxies,
      quotaMiB: this.quotaMiB,
      settings: this.settings,
      cacheDirectory: request.cacheDirectory,
      role: request.role,
    });
    const keys = keyFiles(this.repositories);
    const paths = {
      ...prefixed('etc', conf),
      ...prefixed('keys', keys),
    };
    const object = kubeObject(scope, id, 'ConfigMap', {
      metadata: { name: request.name, labels: labelsOf(request.part) },
      data: Object.fromEntries(
        Object.entries(paths).map(([path, text]) => [keyOf(path), text] as const),
      ),
    });
    const volume: Volume = {
      name: request.name,
      configMap: {
        name: request.name,
        items: Object.keys(paths).map((path) => ({ key: keyOf(path), path })),
      },
    };
    const at = (mountPath: string, subPath: string): VolumeMount => ({
      name: request.name,
      mountPath,
      subPath,
      readOnly: true,
    });
    return {
      object,
      volume,
      mounts: [
        at(`${directory}/default.local`, 'etc/default.local'),
        at(`${directory}/default.d/90-beamline.conf`, 'etc/default.d/90-beamline.conf'),
        at(`${directory}/config.d`, 'etc/config.d'),
        ...(Object.keys(keys).length === 0 ? [] : [at(KEYS_DIRECTORY, 'keys')]),
      ],
    };
  }
}

/** A key of a ConfigMap can hold no '/'. */
function keyOf(path: string): string {
  return path.replaceAll('/', '__');
}

function prefixed(
  directory: string,
  files: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [`${directory}/${path}`, text]),
  );
}
