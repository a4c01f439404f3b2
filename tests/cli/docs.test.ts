import { anchorOf, search, sectionsIn, sectionsOfDocs } from '../../cli/docs';

const GUIDE = `# Storage
All classes.

## Move claims
Copies every file of a claim.

\`\`\`
# not a heading
\`\`\`

### \`--rollback\`
Back to the old volumes.

## Move claims
Again.
`;

test('a guide is cut at its headings, and code is no heading', () => {
  expect(sectionsIn('docs/x.md', GUIDE)).toEqual([
    { id: 'docs/x.md', title: 'Storage', text: 'All classes.' },
    {
      id: 'docs/x.md#move-claims',
      title: 'Storage > Move claims',
      text: 'Copies every file of a claim. ``` # not a heading ```',
    },
    {
      id: 'docs/x.md#--rollback',
      title: 'Storage > Move claims > --rollback',
      text: 'Back to the old volumes.',
    },
    { id: 'docs/x.md#move-claims-1', title: 'Storage > Move claims', text: 'Again.' },
  ]);
});

test('a search finds by any form of the words, the title first, and shows where they stand', () => {
  const sections = sectionsIn('docs/x.md', GUIDE);
  expect(search(sections, 'rollback')[0]?.id).toBe('docs/x.md#--rollback');
  expect(search(sections, 'copi claim')[0]?.text).toContain('Copies every file');
  expect(search(sections, 'rolback volumes')[0]?.id).toBe('docs/x.md#--rollback');
  expect(search(sections, 'zzz')).toEqual([]);
});

test('every guide of the checkout can be searched', () => {
  const sections = sectionsOfDocs();
  expect(new Set(sections.map(({ id }) => id)).size).toBe(sections.length);
  expect(search(sections, 'gluster migrate ceph').length).toBeGreaterThan(0);
});

test('anchors are those of the forges', () => {
  const taken = new Map<string, number>();
  expect(anchorOf('What `up` does, and why', taken)).toBe('what-up-does-and-why');
  expect(anchorOf('What `up` does, and why', taken)).toBe('what-up-does-and-why-1');
});
