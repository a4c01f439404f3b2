import type { Construct } from 'constructs';

import { httpProbe } from '../kit/containers';
import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { deployment } from '../kit/workloads';
import type { ReanaSite } from './reana-site';
import { reanaService, runAs } from './service';

/** Adds the user interface: files for the browser, served by nginx on a port that needs no root. */
export function addUi(scope: Construct, site: ReanaSite): void {
  const part = site.part('ui');
  const config = kubeObject(scope, 'UiConfig', 'ConfigMap', {
    metadata: { name: site.nameOf('ui'), labels: labelsOf(part) },
    data: { 'nginx.conf': NGINX },
  });
  deployment(scope, 'Ui', {
    name: site.nameOf('ui'),
    part,
    replicas: 1,
    ...runAs(scope, site, 'ui', 101), // the user of nginx' images
    config: [config],
    containers: [
      {
        name: 'ui',
        image: site.image('ui'),
        command: ['nginx', '-g', 'daemon off;'],
        ports: { http: 8080 },
        resources: { cpu: '20m', memory: '64Mi', memoryLimit: '128Mi' },
        probes: { readiness: httpProbe('http', '/'), liveness: httpProbe('http', '/') },
        mounts: [
          {
            name: 'config',
            mountPath: '/etc/nginx/nginx.conf',
            subPath: 'nginx.conf',
            readOnly: true,
          },
        ],
        scratch: { '/tmp': '64Mi' },
      },
    ],
    volumes: [{ name: 'config', configMap: { name: config.name } }],
  });
  reanaService(scope, site, 'ui', { name: 'http', port: 80, targetPort: 8080 });
}

/** All that it writes goes to /tmp. A path that is no file is the application's own; what the front door sends here of the API is closed. */
const NGINX = [
  'worker_processes 2;',
  'pid /tmp/nginx.pid;',
  'error_log /dev/stderr warn;',
  'events { worker_connections 1024; }',
  'http {',
  '  include /etc/nginx/mime.types;',
  '  access_log off;',
  ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (what) => `  ${what}_temp_path /tmp/${what};`,
  ),
  '  server {',
  '    listen 8080;',
  '    server_tokens off;',
  '    root /usr/share/nginx/html;',
  '    gzip_static on;',
  '    location / { try_files $uri /index.html; }',
  '    location = /index.html { expires -1; }',
  '    location /api/ { return 403; }',
  '  }',
  '}',
  '',
].join('\n');
