import { ApiObject, type App, Chart } from 'cdk8s';
import { Construct } from 'constructs';

/** How big a fleet is. The default is the one of `baselines.md` B: 1,000 objects in 20 namespaces. */
export interface FleetSize {
  readonly namespaces: number;
  /** In how many layers its namespaces are; each layer waits for the one before. */
  readonly layers: number;
  /** How many Deployments run a newer image, to have something to change. */
  readonly changed: number;
}

/** Objects in each namespace of a fleet. */
export const PER_NAMESPACE = 50;

/** Adds the objects of a fleet to an app: 50 for each namespace, of the kinds and sizes that every tool is measured with. */
export function addFleet(app: App, size: FleetSize): void {
  const layers = Array.from(
    { length: size.layers },
    (_, number) => new Construct(app, `layer-${number}`),
  );
  layers.forEach((layer, number) => {
    const before = layers[number - 1];
    if (before !== undefined) layer.node.addDependency(before);
  });
  let changed = size.changed;
  for (let number = 0; number < size.namespaces; number += 1) {
    const namespace = `fleet-${String(number).padStart(3, '0')}`;
    const layer = layers[Math.floor((number * size.layers) / size.namespaces)] ?? app;
    const chart = new Chart(layer, namespace, { namespace, disableResourceNameHashes: true });
    new ApiObject(chart, 'namespace', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
    for (let index = 0; index < 10; index += 1) {
      const labels = { 'app.kubernetes.io/name': `app-${index}` };
      addDeployment(chart, index, labels, changed > 0 ? '1.0.1' : '1.0.0');
      changed -= 1;
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
  version: string,
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
              image: `registry.example.org/fleet/server:${version}`,
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
