import type { Construct } from 'constructs';

import type { ReanaSite } from './reana-site';

/**
 * Publishes REANA. While registration is closed, its address goes to the user interface, which refuses everything below /api: whatever the
 * server would answer, a direct POST never reaches it.
 */
export function addRoutes(scope: Construct, site: ReanaSite): void {
  const { ingress, host, reach } = site.props;
  const route = (name: string, path: string, component: 'server' | 'ui'): void =>
    ingress.route({
      scope,
      name: site.nameOf(name),
      host,
      path,
      service: { name: site.nameOf(component), port: 'http' },
      reach: reach ?? 'internal',
    });
  route('ui', '/', 'ui');
  route('api', '/api', 'server');
  route('oauth', '/oauth', 'server');
  if (!site.registrationOpen) route('register', '/api/register', 'ui');
  const ping = `https://${host}/api/ping`;
  scope.node.addValidation({
    validate: () =>
      ingress.serves(ping)
        ? []
        : [
            `'host' is '${host}', and no route answers '${ping}': programs, links and logins would name a host that leads nowhere; give both the same name`,
          ],
  });
}
