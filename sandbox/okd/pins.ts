import type { UpstreamPin } from '../../constructs/kit/upstream';

const COMMIT = '264e80a2b6e74bdab2212839a617974aa378d2e3';
const MODULE = 'github.com/openshift/api';
const VERSION = 'v0.0.0-20251015095338-264e80a2b6e7';

/** The custom resource definitions that OpenShift publishes, by the file that has each. */
export const OKD_CRD_PINS: readonly UpstreamPin[] = [
  pin(
    'openshift-routes',
    'route/v1/zz_generated.crd-manifests/routes.crd.yaml',
    '2ce23688233c575d23f39be012eb2fcfad55126fb2e94bf10aa56217fe86d4c9',
  ),
  pin(
    'openshift-securitycontextconstraints',
    'security/v1/zz_generated.crd-manifests/0000_03_config-operator_01_securitycontextconstraints.crd.yaml',
    '4194732f477a0a113da682ee3685f9edc6fc9df506ec4802575455db51a133c2',
  ),
  pin(
    'openshift-oauths',
    'config/v1/zz_generated.crd-manifests/0000_10_config-operator_01_oauths.crd.yaml',
    '3a1d6b18025731572477a1e1ef0f357cbe880c7653863e2396e456a34a4ef9d6',
  ),
  pin(
    'openshift-clusterresourcequotas',
    'quota/v1/zz_generated.crd-manifests/0000_03_config-operator_01_clusterresourcequotas.crd.yaml',
    'f3459235d1d53842f8c8973af257a7418f40c364743886fd090a8dccf881e1f5',
  ),
];

function pin(name: string, file: string, sha256: string): UpstreamPin {
  return {
    name,
    version: VERSION,
    url: `https://raw.githubusercontent.com/openshift/api/${COMMIT}/${file}`,
    goModule: { path: MODULE, version: VERSION, file },
    sha256,
  };
}
