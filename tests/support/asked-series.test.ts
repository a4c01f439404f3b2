import { untold } from './asked-series';

const TOLD = `# HELP web_seconds How long.
# TYPE web_seconds histogram
web_seconds_bucket{code="200",le="0.5"} 3
web_seconds_bucket{code="404",le="+Inf",path="a\\"},b"} 3
web_seconds_count{code="200"} 3
web_up 1.0
web_jobs{job="nightly"} NaN
`;

test.each([
  ['sum by (le) (rate(web_seconds_bucket{namespace="ns",code=~"4.."}[5m]))'],
  ['max by (namespace) (web_up) / sum(web_seconds_count{code!="404"}) > 1'],
  ['sum by (exported_job) (web_jobs)'],
  ['sum by (path) (web_seconds_bucket)'],
  ['absent(web_up{namespace="ns"}) and time() > 3'],
])('%s asks for what is told', (expr) => {
  expect(untold(expr, TOLD)).toEqual([]);
});

test.each([
  ['rate(web_seconds[5m])', 'there is no web_seconds'],
  ['web_up + web_down', 'there is no web_down'],
  ['sum by (cod) (web_seconds_count)', 'no web_seconds_count has the label cod'],
  ['web_seconds_count{code="500"}', 'no web_seconds_count has code="500"'],
  ['web_seconds_count{code=~"20"}', 'no web_seconds_count has code=~"20"'],
  ['web_up{zone!="a"}', 'no web_up has zone!="a"'],
  ['max by (code) (sum by (le) (web_seconds_bucket) / web_up)', 'no web_up has the label code'],
])('%s does not: %s', (expr, missing) => {
  expect(untold(expr, TOLD)).toEqual([missing]);
});
