import { Target } from '../../constructs/targets';
import { defaultSccs } from '../../constructs/targets/sccs/defaults';
import { sccManifest } from '../../constructs/targets/sccs/scc';
import type { ApiClient } from '../control-plane/api';

const SCCS = '/apis/security.openshift.io/v1/securitycontextconstraints';

/** Gives a control plane that serves OKD's APIs the constraints that an OKD of the version has. Nothing enforces them here. */
export async function installOkd(api: ApiClient, okd: string): Promise<void> {
  const sccs = defaultSccs(Target.parse(`okd ${okd}`).okdMinor).map(sccManifest);
  await Promise.all(sccs.map((scc) => api.apply(`${SCCS}/${scc.metadata.name}`, scc)));
}
