// Writes a file as the one comment of Beamline on a GitLab merge request: its first line is the mark by which it is found again.
import { readFileSync } from 'node:fs';

const body = readFileSync(process.argv[2], 'utf8');
const mark = body.split('\n', 1)[0];
const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, BEAMLINE_COMMENT_TOKEN } = process.env;
const notes = `${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/merge_requests/${CI_MERGE_REQUEST_IID}/notes`;

async function call(method, url, content) {
  const response = await fetch(url, {
    method,
    headers: { 'PRIVATE-TOKEN': BEAMLINE_COMMENT_TOKEN, 'content-type': 'application/json' },
    body: content === undefined ? undefined : JSON.stringify(content),
  });
  if (!response.ok)
    throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return response;
}

async function find() {
  for (let page = '1'; page;) {
    const response = await call('GET', `${notes}?per_page=100&page=${page}`);
    const found = (await response.json()).find((note) => note.body.startsWith(mark));
    if (found !== undefined) return found.id;
    page = response.headers.get('x-next-page');
  }
  return undefined;
}

const id = await find();
await (id === undefined ? call('POST', notes, { body }) : call('PUT', `${notes}/${id}`, { body }));
