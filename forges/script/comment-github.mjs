// Writes a file as the one comment of Beamline on a GitHub pull request: its first line is the mark by which it is found again.
import { readFileSync } from 'node:fs';

const body = readFileSync(process.argv[2], 'utf8');
const mark = body.split('\n', 1)[0];
const { GITHUB_API_URL, GITHUB_REPOSITORY, ISSUE, GH_TOKEN } = process.env;
const repository = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}`;
const MOST = 100;

async function call(method, url, content) {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${GH_TOKEN}`, accept: 'application/vnd.github+json' },
    body: content === undefined ? undefined : JSON.stringify(content),
  });
  if (!response.ok)
    throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function find() {
  const comments = `${repository}/issues/${ISSUE}/comments?per_page=${MOST}`;
  for (let page = 1; ; page += 1) {
    const there = await call('GET', `${comments}&page=${page}`);
    const found = there.find((comment) => comment.body.startsWith(mark));
    if (found !== undefined) return found.id;
    if (there.length < MOST) return undefined;
  }
}

const id = await find();
await (id === undefined
  ? call('POST', `${repository}/issues/${ISSUE}/comments`, { body })
  : call('PATCH', `${repository}/issues/comments/${id}`, { body }));
