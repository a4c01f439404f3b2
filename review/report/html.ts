import { h, type ComponentChildren, type JSX } from 'preact';

import type { ChangeSet } from '../change';
import { SEVERITIES } from '../risk/risk';
import { graphOf } from './graph';
import { lineDiff } from './line-diff';
import { meanings } from './meanings';
import { SCRIPT, STYLE } from './page';
import type { Report, ReportedChange } from './schema';
import {
  adviceText,
  countsText,
  makerText,
  pathText,
  severitiesText,
  short,
  SIGNS,
  visible,
} from './words';

/** A report is read in a browser and sent by mail: beyond this it is cut from the least important end. */
const MOST_BYTES = 1_900_000;
const MOST_FIELDS = 40;

/**
 * A preview as one HTML file that needs nothing else: search, filters, the fields line by line, and the environment's graph with the changes
 * marked. It works without scripts, too; they only filter.
 */
export async function reportHtml(report: Report, set: ChangeSet): Promise<string> {
  const { render } = await import('preact-render-to-string');
  const graph = await graphOf(report, set);
  for (const most of [MOST_FIELDS, 8, 0]) {
    const page = `<!doctype html>\n${render(pageOf(report, graph, most))}\n`;
    if (Buffer.byteLength(page) <= MOST_BYTES || most === 0) return page;
  }
  throw new Error('a report has at least one form');
}

function pageOf(report: Report, graph: JSX.Element, most: number): JSX.Element {
  const { environment, comparedWith, notes, changes, fingerprint, severity } = report;
  const title = `Preview of ${environment}`;
  return h(
    'html',
    { lang: 'en' },
    h(
      'head',
      null,
      h('meta', { charset: 'utf-8' }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', {
        'http-equiv': 'Content-Security-Policy',
        content: "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'",
      }),
      h('title', null, title),
      h('style', { dangerouslySetInnerHTML: { __html: STYLE } }),
    ),
    h(
      'body',
      null,
      h(
        'header',
        null,
        h('h1', null, 'Preview of ', h('code', null, visible(environment))),
        h(
          'p',
          null,
          `${countsText(report)}, compared with ${visible(comparedWith)}. Fingerprint `,
          h('code', null, fingerprint),
          '.',
        ),
        severity === undefined
          ? h('p', { class: 'worst low' }, 'Nothing changes.')
          : h(
              'p',
              { class: `worst ${severity}` },
              [severitiesText(report), adviceText(report)].filter(Boolean).join('. '),
            ),
        meanings(report),
        ...notes.map((note) => h('p', { class: 'note', role: 'note' }, visible(note))),
      ),
      h('main', null, filters(report), list(changes, most), graph),
      h('script', { dangerouslySetInnerHTML: { __html: SCRIPT } }),
    ),
  );
}

function filters({ changes, severities }: Report): JSX.Element {
  const operations = [...new Set(changes.map(({ operation }) => operation))].sort();
  const namespaces = [...new Set(changes.map(({ namespace }) => namespace ?? '(cluster)'))].sort();
  const kinds = [...new Set(changes.map(({ kind }) => kind))].sort();
  const choice = (name: string, label: string, values: readonly string[]): JSX.Element =>
    h(
      'label',
      null,
      `${label} `,
      h(
        'select',
        { name },
        h('option', { value: '' }, 'all'),
        ...values.map((value) => h('option', { value: visible(value) }, visible(value))),
      ),
    );
  return h(
    'form',
    { id: 'filters', role: 'search', 'aria-label': 'Filter the changes' },
    h('label', null, 'Search ', h('input', { type: 'search', name: 'text' })),
    h(
      'fieldset',
      null,
      h('legend', null, 'Risk'),
      ...SEVERITIES.map((severity) =>
        h(
          'label',
          { class: severity },
          h('input', { type: 'checkbox', name: 'severity', value: severity, checked: true }),
          ` ${severity} (${severities[severity] ?? 0})`,
        ),
      ),
    ),
    choice('operation', 'Operation', operations),
    choice('namespace', 'Namespace', namespaces),
    choice('kind', 'Kind', kinds),
    h('output', { id: 'shown', 'aria-live': 'polite' }, `${changes.length} changes`),
  );
}

function list(changes: readonly ReportedChange[], most: number): JSX.Element {
  return h(
    'section',
    { 'aria-label': 'Changes' },
    h('h2', null, 'Changes, the worst first'),
    ...changes.map((change, place) => item(change, place, most)),
  );
}

/** The place of a change in the page, for the graph to lead to. */
export function anchorOf(place: number): string {
  return `change-${place + 1}`;
}

function item(change: ReportedChange, place: number, most: number): JSX.Element {
  const { id, operation, severity, risks, fields, refusal, kind, namespace } = change;
  const open = severity === 'critical' || severity === 'high';
  const at = makerText(change);
  return h(
    'details',
    {
      id: anchorOf(place),
      class: `change ${severity}`,
      open,
      'data-severity': severity,
      'data-operation': operation,
      'data-kind': visible(kind),
      'data-namespace': visible(namespace ?? '(cluster)'),
    },
    h(
      'summary',
      null,
      h('span', { class: 'badge' }, severity),
      ' ',
      h('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[operation]),
      ` ${operation} `,
      h('code', null, visible(id)),
    ),
    ...risks.map(({ why, lost, instead, severity: how }) =>
      how === 'low'
        ? h('p', null, visible(why))
        : h(
            'div',
            { class: 'risk' },
            h('p', null, visible(why)),
            h(
              'dl',
              null,
              h('dt', null, 'Lost'),
              h('dd', null, visible(lost)),
              h('dt', null, 'Instead'),
              h('dd', null, visible(instead)),
            ),
          ),
    ),
    refusal === undefined
      ? null
      : h('p', { class: 'refusal' }, `Refused by the API server: ${visible(refusal)}`),
    fields.length > 0 ? fieldTable(fields, most) : null,
    at === undefined ? null : h('p', { class: 'made' }, 'Made by ', h('code', null, visible(at))),
  );
}

function fieldTable(fields: ReportedChange['fields'], most: number): JSX.Element {
  const shown = fields.slice(0, most);
  const cell = (value: ComponentChildren): JSX.Element => h('td', null, value);
  const left = fields.length - shown.length;
  return h(
    'div',
    { class: 'fields', tabIndex: 0, role: 'region', 'aria-label': 'Fields' },
    shown.length === 0
      ? null
      : h(
          'table',
          null,
          h(
            'thead',
            null,
            h(
              'tr',
              null,
              ...['Field', 'Before', 'After'].map((name) => h('th', { scope: 'col' }, name)),
            ),
          ),
          h(
            'tbody',
            null,
            ...shown.map((field) => {
              const { before, after } = field;
              const patch = lineDiff(before, after);
              return h(
                'tr',
                null,
                h('th', { scope: 'row' }, h('code', null, visible(pathText(field)))),
                ...(patch === undefined
                  ? [
                      cell(before === undefined ? '' : h('del', null, short(before, 300))),
                      cell(after === undefined ? '' : h('ins', null, short(after, 300))),
                    ]
                  : [h('td', { colSpan: 2 }, h('pre', null, ...patchLines(patch)))]),
              );
            }),
          ),
        ),
    left > 0
      ? h('p', null, `${left} fields are not shown here; --format json has them all.`)
      : null,
  );
}

function patchLines(patch: string): JSX.Element[] {
  return patch.split('\n').map((line) => {
    const tag = line.startsWith('+') ? 'ins' : line.startsWith('-') ? 'del' : 'span';
    return h(tag, null, `${visible(line)}\n`);
  });
}
