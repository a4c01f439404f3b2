import { ApiObject, App, Chart } from 'cdk8s';

/** How big a fleet is. The default is the one of `baselines.md` B: 1,000 objects in 20 namespaces. */
export interface FleetSize {
  readonly namespaces: number;
  /** Whether every namespace waits for the one before. */
  readonly chained: boolean;
  /** How many Deployments carry another label value, to have something to change. */
  readonly changed: number;
}

export const THOUSAND: FleetSize = { namespaces: 20, chained: false, changed: 0 };

/** Adds the objects of a fleet to an app: 50 for each namespace, of the kinds and sizes that every tool is measured with. */
export function addFleet(app: App, size: FleetSize): void {
  let changed = size.changed;
  let before: Chart | undefined;
  for (let number = 0; number < size.namespaces; number += 1) {
    const namespace = `fleet-${String(number).padStart(3, '0')}`;
    const chart = new Chart(app, namespace, { namespace, disableResourceNameHashes: true });
    if (size.chained && before !== undefined) chart.addDependency(before);
    before = chart;
    new ApiObject(chart, 'namespace', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
    for (let index = 0; index < 10; index += 1) {
      const labels = {
        'app.kubernetes.io/name': `app-${index}`,
        ...(changed > 0 ? { 'fleet/changed': 'yes' } : {}),
      };
      changed -= 1;
      addDeployment(chart, index, labels);
      new ApiObject(chart, `service-${index}`, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: `app-${index}`, labels },
        spec: {
          selector: { app: `app-${index}` },
          ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
        },
      });
    }
    for (let index = 0; index < 20; index += 1) {
      new ApiObject(chart, `config-${index}`, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `config-${index}` },
        data: { 'settings.ini': `[server]\nnumber=${index}\n`.padEnd(200, '#'), level: 'info' },
      });
    }
    for (let index = 0; index < 9; index += 1) {
      new ApiObject(chart, `account-${index}`, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: `account-${index}` },
        automountServiceAccountToken: false,
      });
    }
  }
}

function addDeployment(
  chart: Chart,
  index: number,
  labels: Readonly<Record<string, string>>,
): void {
  const app = `app-${index}`;
  new ApiObject(chart, `deployment-${index}`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app } },
        spec: {
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 10001,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'server',
              image: 'registry.example.org/fleet/server:1.0.0',
              ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
              readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 5 },
              livenessProbe: { httpGet: { path: '/live', port: 'http' }, periodSeconds: 10 },
              resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '32Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
                readOnlyRootFilesystem: true,
              },
            },
          ],
        },
      },
    },
  });
}
