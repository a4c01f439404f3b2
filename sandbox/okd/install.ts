import type { ApiClient } from '../control-plane/api';
import { defaultSccs } from './sccs';

const SCCS = '/apis/security.openshift.io/v1/securitycontextconstraints';

/** Gives a control plane that serves OKD's APIs the constraints that an OKD of the version has. Nothing enforces them here. */
export async function installOkd(api: ApiClient, okd: string): Promise<void> {
  await Promise.all(defaultSccs(okd).map((scc) => api.apply(`${SCCS}/${scc.metadata.name}`, scc)));
}
