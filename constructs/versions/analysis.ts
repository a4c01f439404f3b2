import type { UpstreamPin } from '../kit/upstream';
import type { ImagePins } from './pin';

/** Images of Dask and Spark. */
export const ANALYSIS_IMAGES = {
  daskGatewayServer: { repository: 'ghcr.io/dask/dask-gateway-server', tag: '2026.3.0' },
  sparkOperator: { repository: 'ghcr.io/kubeflow/spark-operator/controller', tag: '2.5.2' },
  // What the operator's own image is built from.
  spark: { repository: 'docker.io/apache/spark', tag: '4.0.4' },
} as const satisfies ImagePins;

function sparkDefinition(plural: string, sha256: string): UpstreamPin {
  const file = `config/crd/bases/sparkoperator.k8s.io_${plural}.yaml`;
  return {
    name: `spark-operator-${plural}`,
    version: 'v2.5.2',
    url: `https://raw.githubusercontent.com/kubeflow/spark-operator/v2.5.2/${file}`,
    goModule: { path: 'github.com/kubeflow/spark-operator/v2', version: 'v2.5.2', file },
    sha256,
  };
}

/** Third-party files of Spark. Dask's one definition is written here, as its publisher's says nothing but its names. */
export const ANALYSIS_FILES = {
  sparkApplications: sparkDefinition(
    'sparkapplications',
    'ecd9c14fcadb9d5f8ced4c4ee31920548ea53a892e0a69c3e43aa758bfca6d94',
  ),
  sparkScheduledApplications: sparkDefinition(
    'scheduledsparkapplications',
    '5dc6654b2ad9157421ddf177737795420088fbe70338e45602bacf22ce25cc99',
  ),
  sparkConnects: sparkDefinition(
    'sparkconnects',
    'e80c54cc086e7f0a4ed39de713138f5c9aa5506219584b528cc1a00e65163986',
  ),
} as const satisfies Readonly<Record<string, UpstreamPin>>;
