import type { IIngress, RouteRequest } from '../../../constructs/contracts';
import { Welcome, type WelcomeProps } from '../../../constructs/edge/welcome';
import { synth } from '../../support/synth';

/** An ingress that only remembers what it is asked for. */
function listener(): { ingress: IIngress; requests: RouteRequest[] } {
  const requests: RouteRequest[] = [];
  return {
    requests,
    ingress: { route: (request) => void requests.push(request), serves: () => true },
  };
}

test('two pods behind one internal route', () => {
  const { ingress, requests } = listener();
  const props: WelcomeProps = { ingress, host: 'welcome.example.org' };
  const welcome = synth(Welcome, props);
  expect(welcome.one('Deployment')['spec']).toMatchObject({
    replicas: 2,
    template: {
      spec: {
        automountServiceAccountToken: false,
        containers: [{ args: ['--port=8080'], ports: [{ name: 'http', containerPort: 8080 }] }],
      },
    },
  });
  expect(welcome.exceptions).toEqual([]);
  expect(requests).toMatchObject([
    {
      name: 'welcome',
      host: 'welcome.example.org',
      reach: 'internal',
      service: { name: 'welcome', port: 'http' },
    },
  ]);
});

test('every prop reaches the objects', () => {
  const { ingress, requests } = listener();
  const everything: Required<WelcomeProps> = {
    ingress,
    host: 'hello.example.org',
    replicas: 1,
    reach: 'public',
  };
  expect(synth(Welcome, everything).one('Deployment')['spec']).toMatchObject({ replicas: 1 });
  expect(requests).toMatchObject([{ host: 'hello.example.org', reach: 'public' }]);
});
