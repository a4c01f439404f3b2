import { varnishVcl } from '../../../constructs/cvmfs/varnish-vcl';

const vcl = varnishVcl({
  clients: ['10.128.0.0/14', '2001:db8::/32', '192.0.2.7'],
  destinations: ['s1.example.org', 's2.example.org'],
  destinationPorts: [80, 8000],
});

test('the networks are let in and nobody else', () => {
  expect(vcl).toContain(
    'acl clients {\n  "10.128.0.0"/14;\n  "2001:db8::"/32;\n  "192.0.2.7"/32;\n}\n',
  );
  expect(vcl).toContain('  if (client.ip !~ clients) {\n    return (synth(403));\n  }\n');
});

test('every server has a backend for each port, and whatever else is wanted is refused', () => {
  expect(vcl.match(/^backend \S+/gm)).toEqual([
    'backend stratum_one_0_80',
    'backend stratum_one_0_8000',
    'backend stratum_one_1_80',
    'backend stratum_one_1_8000',
  ]);
  expect(vcl).toContain(
    'if (req.http.Host == "s1.example.org:80" || req.http.Host == "s1.example.org") {\n' +
      '    set req.backend_hint = stratum_one_0_80;\n',
  );
  expect(vcl).toContain('} elseif (req.http.Host == "s2.example.org:8000") {');
  expect(vcl).toContain('} else {\n    return (synth(403));\n  }\n');
});

test('nothing is shown beyond its time, and an error for 10 seconds at most', () => {
  expect(vcl).toContain('set beresp.grace = 0s;');
  expect(vcl).toContain('if (beresp.status >= 400) {\n    set beresp.ttl = 10s;');
  expect(vcl).toContain('if (beresp.status >= 500) {\n    set beresp.uncacheable = true;');
});
