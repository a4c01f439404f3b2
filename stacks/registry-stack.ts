import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import type { IIdentityProvider, IObjectStore } from '../constructs/contracts';
import { Harbor } from '../constructs/registry/harbor';
import type { HarborContentProps } from '../constructs/registry/content-props';
import { HarborContent } from '../constructs/registry/harbor-content';
import type { HarborProps } from '../constructs/registry/harbor-props';
import type { ImageStorage } from '../constructs/registry/harbor-storage';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** Layers in the site's object store, which is asked for the bucket `images` in the namespace of the registry. */
export interface ImagesInStore {
  readonly kind: 'objects';
  readonly store: IObjectStore;
  /** Whether clients are sent to the store for layers. They must then reach its endpoint. */
  readonly redirect: boolean;
  /** Folder in the bucket: `/harbor`. Empty for the bucket's root. */
  readonly folder: string;
}

/** The registry of a site, and who its people are. */
export interface RegistryStackProps extends Omit<HarborProps, 'login' | 'storage'> {
  /** Where layers of images are kept. */
  readonly storage: ImageStorage | ImagesInStore;
  /**
   * Namespace of the registry.
   *
   * @default 'registry'
   */
  readonly namespace?: string;
  /**
   * Who people are.
   *
   * @default - users that Harbor keeps itself
   */
  readonly identity?: IIdentityProvider;
  /**
   * What is inside it: projects, members, robots, caches of other registries.
   *
   * @default - people see to that in Harbor
   */
  readonly content?: Omit<HarborContentProps, 'harbor' | 'identity'>;
}

/** The images of a site: pushed, scanned, replicated and pulled here. */
export class RegistryStack extends Chart {
  public readonly harbor: Harbor;

  constructor(
    scope: Construct,
    id: string,
    { namespace, identity, content, storage, ...harbor }: RegistryStackProps,
  ) {
    super(scope, id, { namespace: namespace ?? 'registry' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'registry' });
    const login = identity?.login({
      scope: this,
      name: 'harbor',
      redirectUris: [`https://${harbor.host}/c/oidc/callback`],
    });
    this.harbor = new Harbor(this, 'Harbor', {
      ...harbor,
      storage: this.storageFor(storage),
      ...(login === undefined ? {} : { login }),
    });
    if (content !== undefined) {
      new HarborContent(this, 'Content', {
        ...content,
        harbor: this.harbor,
        ...(identity === undefined ? {} : { identity }),
      });
    }
  }

  private storageFor(storage: RegistryStackProps['storage']): ImageStorage {
    if (storage.kind !== 'objects') return storage;
    const { store, redirect, folder } = storage;
    return { kind: 's3', bucket: store.bucket({ scope: this, name: 'images' }), redirect, folder };
  }
}
