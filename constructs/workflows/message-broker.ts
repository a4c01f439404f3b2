import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { statefulSet } from '../kit/stateful-set';
import type { ReanaSite } from './reana-site';
import { reanaService, runAs } from './service';

/**
 * Adds RabbitMQ. The start script of upstream's image writes below /etc and changes owners, which takes root; the server itself takes its
 * settings from a file, so it is started without the script.
 */
export function addMessageBroker(scope: Construct, site: ReanaSite, secret: ApiObject): ApiObject {
  const { class: storage, size } = site.props.messages;
  const ping = { exec: { command: ['rabbitmq-diagnostics', '-q', 'ping'] }, timeoutSeconds: 15 };
  const made = statefulSet(scope, 'MessageBroker', {
    name: site.nameOf('message-broker'),
    part: site.part('message-broker'),
    replicas: 1,
    service: site.nameOf('message-broker'),
    ...runAs(scope, site, 'message-broker', 999),
    graceSeconds: 60,
    config: [secret],
    claims: [{ name: 'data', size, className: storage.className }],
    containers: [
      {
        name: 'rabbitmq',
        image: site.image('messageBroker'),
        command: ['rabbitmq-server'],
        env: [
          { name: 'HOME', value: '/var/lib/rabbitmq' },
          { name: 'RABBITMQ_CONFIG_FILE', value: '/etc/reana/rabbitmq.conf' },
          { name: 'RABBITMQ_LOGS', value: '-' },
          // A name that does not follow the pod's: what is on the claim belongs to it.
          { name: 'RABBITMQ_NODENAME', value: 'rabbit@localhost' },
        ],
        ports: { amqp: 5672 },
        resources: { cpu: '100m', memory: '256Mi', memoryLimit: '1Gi' },
        probes: {
          startup: { tcpSocket: { port: 'amqp' }, periodSeconds: 5, failureThreshold: 60 },
          readiness: { tcpSocket: { port: 'amqp' } },
          liveness: { ...ping, periodSeconds: 60 },
        },
        mounts: [
          { name: 'data', mountPath: '/var/lib/rabbitmq' },
          { name: 'config', mountPath: '/etc/reana', readOnly: true },
        ],
        // It logs to its output, but begins a file about upgrades, and ends where it cannot.
        scratch: { '/tmp': '16Mi', '/var/log/rabbitmq': '64Mi' },
      },
    ],
    volumes: [
      {
        name: 'config',
        secret: {
          secretName: secret.name,
          items: [{ key: 'rabbitmq.conf', path: 'rabbitmq.conf' }],
        },
      },
    ],
  });
  made.node.addDependency(storage.ready);
  reanaService(scope, site, 'message-broker', { name: 'amqp', port: 5672, targetPort: 5672 });
  return made;
}
