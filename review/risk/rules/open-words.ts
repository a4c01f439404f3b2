import { at, isList, isObject, objectsAt, textAt } from '../../../plan/json';
import type { Json, JsonObject } from '../../../plan/model';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { listed, spelled } from '../look';
import type { Risk, Rule } from '../risk';
import { pairs, podsOf } from './pods';

/** Settings of programs that let in whoever comes: lines of files, variables, arguments. Only their names are ever shown. */
export const openWords: Rule = (change, context) => {
  if (change.operation !== 'update') return [];
  const opened =
    manifestOf(change).kind === 'ConfigMap' ? inFiles(change) : inPods(change, context);
  if (opened.length === 0) return [];
  return [
    {
      rule: 'program-opened',
      severity: 'high',
      why: `by its name and value, ${listed(opened)} lets in whom the program kept out`,
      lost: 'the login or the filter that it was',
      instead: 'name the people and networks that need access',
    } satisfies Risk,
  ];
};

const YES = /^["']?(true|yes|on|1|enabled?)["']?$/i;
const NO =
  /^["']?(false|no|off|0|none|never|disabled?|optional|trust|anonymous|claimtobe|dummy|alwaysallow|allow)["']?$/i;
/** What opens when it is switched on. */
const OPENS =
  /(anonymous|insecure|allow[-_.]?(all|any)|skip[-_.]?(tls[-_.]?)?(verify|auth)|disable[-_.]?(auth|tls|verif)|no[-_.]?auth|dev[-_.]?mode|open[-_.]?signup|self[-_.]?registration)/i;
/** What guards, unless it is switched off. */
const GUARDS =
  /(auth(entication|entications?_methods|orization|enticator(_class)?)?|auth[-_.]?(method|mode|type|enabled)|verify|tls|ssl|encryption|login|authorization[-_.]?mode|security)(_?enabled)?$/i;
/** Names that say the contrary of what they end in. */
const OTHERWISE = /^(permit|allow|disable|skip|no|without)[A-Z_.-]/;
/** Whom a list of people or networks lets in when it is everybody. */
const EVERYBODY = /^["']?(\*|0\.0\.0\.0\/0|::\/0|all|any)["']?$/i;
const LISTS = /^(allow|permit|trusted|admin|deny_?except)[\w.-]*$/i;

/** Whether a setting lets everybody in, by its name and value. */
function opens(name: string, value: string): boolean {
  const last = name.split('.').at(-1) ?? name;
  if (OPENS.test(name)) return YES.test(value);
  if (OTHERWISE.test(last) && !EVERYBODY.test(value)) return false;
  if (LISTS.test(last)) return EVERYBODY.test(value) && !/(headers|methods|schemes)$/i.test(last);
  return GUARDS.test(last) && value.split(/[\s,]+/).some((word) => NO.test(word));
}

/** Rules of filters that say it in words: Squid, Apache, PostgreSQL's hba. */
const SENTENCES: readonly RegExp[] = [
  /^http_access\s+allow\s+all$/i,
  /^require\s+all\s+granted$/i,
  /^host\S*\s+\S+\s+\S+\s+\S+\s+trust$/i,
];

interface Setting {
  readonly name: string;
  readonly open: boolean;
}

function settingsIn(text: string): Setting[] {
  return text.split('\n').flatMap((line): Setting[] => {
    const plain = line.trim().replace(/[;,]$/, '');
    if (plain === '' || /^[#;/]/.test(plain)) return [];
    if (SENTENCES.some((sentence) => sentence.test(plain))) return [{ name: plain, open: true }];
    const [, name, value] = /^["']?([A-Za-z][\w.-]*)["']?\s*[:=]\s*(.+)$/.exec(plain) ?? [];
    return name === undefined || value === undefined
      ? []
      : [{ name, open: opens(name, value.trim()) }];
  });
}

/** Settings that are open now, and were shut or not there. */
function fresh(was: readonly Setting[], will: readonly Setting[]): string[] {
  const known = new Set(was.filter(({ open }) => open).map(({ name }) => name));
  return [
    ...new Set(
      will.filter(({ open, name }) => open && !known.has(name)).map(({ name }) => `'${name}'`),
    ),
  ];
}

function inFiles(change: Change): string[] {
  const settings = (side: Change['before']): Setting[] => {
    const data = at(side?.manifest, 'data');
    return Object.entries(isObject(data) ? data : {}).flatMap(([key, text]) =>
      typeof text !== 'string'
        ? []
        : text.includes('\n')
          ? settingsIn(text)
          : [{ name: key, open: opens(key, text) }, ...settingsIn(text)],
    );
  };
  return fresh(settings(change.before), settings(change.after));
}

function inPods(change: Change, context: Context): string[] {
  const [was, will] = podsOf(change, context);
  if (was === undefined || will === undefined) return [];
  return pairs(was, will).flatMap(([, before, after]) =>
    fresh([...variables(before), ...flags(before)], [...variables(after), ...flags(after)]),
  );
}

function variables(container: JsonObject): Setting[] {
  return objectsAt(container, 'env').flatMap((variable) => {
    const [name, value] = [textAt(variable, 'name'), textAt(variable, 'value')];
    return name === undefined || value === undefined ? [] : [{ name, open: opens(name, value) }];
  });
}

function flags(container: JsonObject): Setting[] {
  const words = ['command', 'args'].flatMap((field): readonly Json[] => {
    const list = container[field];
    return isList(list) ? list : [];
  });
  return words.flatMap((word): Setting[] => {
    const [, name, value] = /^--?([A-Za-z][\w.-]*)(?:=(.*))?$/.exec(spelled(word)) ?? [];
    return name === undefined ? [] : [{ name, open: opens(name, value ?? 'true') }];
  });
}
