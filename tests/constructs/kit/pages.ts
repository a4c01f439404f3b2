import { exportPanels } from '../../../constructs/cvmfs/export-dashboard';
import { proxyPanels } from '../../../constructs/cvmfs/proxy-dashboard';
import { traefikPanels } from '../../../constructs/edge/traefik-dashboard';
import type { Panel } from '../../../constructs/kit/dashboards';
import { hubPanels } from '../../../constructs/notebooks/hub-dashboard';
import { harborPanels } from '../../../constructs/registry/harbor-dashboard';
import { storagePanels } from '../../../constructs/storage/storage-alerts';

/** The pages of diagrams that there are, each of a service in the namespace `ns`. */
export const PAGES: readonly (readonly [name: string, panels: readonly Panel[]])[] = [
  ['the hub', hubPanels('ns')],
  ['the front door', traefikPanels('ns')],
  ['the registry', harborPanels('ns')],
  ['proxies', proxyPanels('ns')],
  ['CVMFS servers', exportPanels('ns')],
  ['storage', storagePanels(['ns', 'other'], 'ns')],
];
