import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { CvmfsProxy } from '../constructs/cvmfs/proxy';
import type { CvmfsProxyProps } from '../constructs/cvmfs/proxy-props';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** What stands between a site's CVMFS clients and the world. */
export interface CvmfsProxyStackProps extends CvmfsProxyProps {
  /**
   * Namespace of the proxies.
   *
   * @default 'cvmfs-proxy'
   */
  readonly namespace?: string;
}

/** The proxies of a site, in a namespace of restricted pods. */
export class CvmfsProxyStack extends Chart {
  /** For the catalogue of repositories. */
  public readonly httpProxy: string;

  constructor(scope: Construct, id: string, props: CvmfsProxyStackProps) {
    super(scope, id, { namespace: props.namespace ?? 'cvmfs-proxy' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'cvmfs' });
    this.httpProxy = new CvmfsProxy(this, 'Proxy', props).httpProxy;
  }
}
