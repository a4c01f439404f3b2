import { h, type JSX } from 'preact';

import { SEVERITIES } from '../risk/risk';
import type { Report } from './schema';
import { MEANING } from './words';

/** What the words mean, for whoever sees a report for the first time. */
export function meanings({ severities }: Report): JSX.Element {
  const there = SEVERITIES.filter((severity) => (severities[severity] ?? 0) > 0);
  return h(
    'ul',
    { class: 'meanings', 'aria-label': 'What the ranks mean' },
    ...there.map((severity) =>
      h('li', null, h('strong', { class: severity }, severity), ` ${MEANING[severity]}`),
    ),
  );
}
