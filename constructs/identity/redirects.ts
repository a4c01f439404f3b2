import type { Construct } from 'constructs';

import type { IIngress, LoginRequest } from '../contracts';

/**
 * Once the tree stands, complains of every address that a browser is to come back to and that no route answers: people would
 * log in and land nowhere.
 */
export function checkRedirects(
  at: Construct,
  ingress: IIngress | undefined,
  request: LoginRequest,
): void {
  const problems = request.redirectUris.filter((uri) => !/^https:\/\/[^/]+\//.test(uri));
  at.node.addValidation({
    validate: () => [
      ...problems.map(
        (uri) =>
          `login '${request.name}': redirect URI '${uri}' must begin with https:// and have a path`,
      ),
      ...request.redirectUris
        .filter((uri) => ingress !== undefined && !problems.includes(uri) && !ingress.serves(uri))
        .map(
          (uri) =>
            `login '${request.name}': no route serves the redirect URI '${uri}'; publish the service under that host and path, or correct the URI`,
        ),
    ],
  });
}
