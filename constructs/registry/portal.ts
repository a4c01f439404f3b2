import type { Construct } from 'constructs';

import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { imageRef, IMAGES } from '../versions';
import { harborDeployment, harborService, trustOf } from './harbor-pods';
import type { HarborSite } from './harbor-site';
import { tlsFolder } from './internal-tls';

/** Adds the portal: files for the browser, served by nginx. */
export function addPortal(scope: Construct, site: HarborSite): void {
  const trust = trustOf(site, 'portal');
  const config = kubeObject(scope, 'PortalConfig', 'ConfigMap', {
    metadata: { name: site.nameOf('portal'), labels: labelsOf(site.part('portal')) },
    data: { 'nginx.conf': nginxConfig(site) },
  });
  harborDeployment(scope, site, 'portal', {
    ...site.runAs(scope, 'portal'),
    config: [config],
    containers: [
      {
        name: 'portal',
        image: imageRef(IMAGES.harborPortal),
        ports: { web: site.port },
        resources: site.resources('portal', { cpu: '20m', memory: '64Mi', memoryLimit: '128Mi' }),
        probes: { readiness: site.probe('web', '/'), liveness: site.probe('web', '/') },
        mounts: [
          {
            name: 'config',
            mountPath: '/etc/nginx/nginx.conf',
            subPath: 'nginx.conf',
            readOnly: true,
          },
          ...trust.mounts,
        ],
        scratch: { '/tmp': '64Mi' },
      },
    ],
    volumes: [{ name: 'config', configMap: { name: config.name } }, ...trust.volumes],
  });
  harborService(scope, site, 'portal', { ports: { web: site.port }, measured: false });
}

/** All that nginx writes goes to /tmp; a path that is no file is the application's own. */
function nginxConfig(site: HarborSite): string {
  const folder = tlsFolder('portal');
  const tls = [
    `ssl_certificate ${folder}/tls.crt;`,
    `ssl_certificate_key ${folder}/tls.key;`,
    'ssl_protocols TLSv1.2 TLSv1.3;',
  ];
  const server = [
    `listen ${site.port}${site.tls ? ' ssl' : ''};`,
    ...(site.tls ? tls : []),
    'server_tokens off;',
    'root /usr/share/nginx/html;',
    'location / { try_files $uri $uri/ /index.html; }',
    'location = /index.html { add_header Cache-Control "no-store"; }',
    'location /devcenter-api-2.0 { try_files $uri $uri/ /swagger-ui-index.html; }',
  ];
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const http = [
    'include /etc/nginx/mime.types;',
    ...temporary.map((what) => `${what}_temp_path /tmp/${what};`),
    'gzip on;',
    'gzip_proxied any;',
    'gzip_types text/css application/json application/javascript image/svg+xml;',
    'server {',
    ...server.map((line) => `  ${line}`),
    '}',
  ];
  return [
    'worker_processes auto;',
    'pid /tmp/nginx.pid;',
    'events { worker_connections 1024; }',
    'http {',
    ...http.map((line) => `  ${line}`),
    '}',
    '',
  ].join('\n');
}
