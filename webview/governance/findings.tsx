/** What the checks found, migration by migration; filtered by rule, result and words. */
import { useMemo } from 'preact/hooks';
import { sentence, words } from '../format/names.ts';
import { count } from '../format/numbers.ts';
import { day } from '../format/time.ts';
import { Link } from '../routing/link.tsx';
import { change, href, route } from '../routing/router.ts';
import { Card } from '../ui/card.tsx';
import { LimitedList } from '../ui/limited-list.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Empty } from '../ui/states.tsx';
import { Badge } from '../ui/status.tsx';
import type { Check } from './checks.ts';
import { type CheckFindings, foundBy, type RuleFindings } from './grouped.ts';

const SHOWN = 20;
/** A list that is longer helps nobody; the page says that it is cut. */
const MOST = 500;
const RESULTS = { fail: 'Fail', warn: 'Warn' } as const;
type FoundResult = keyof typeof RESULTS;

export function Findings({ checks, rule }: { checks: readonly Check[]; rule: string | undefined }) {
  const { q = '', result } = route.value.query;
  const asked = result !== undefined && result in RESULTS ? (result as FoundResult) : undefined;
  const ofRule = useMemo(() => foundBy(checks, { rule }), [checks, rule]);
  const found = useMemo(() => foundBy(checks, { rule, result: asked, text: q }), [checks, rule, asked, q]);
  return (
    <Card
      title={rule === undefined ? 'Findings' : `Findings of ${words(rule)}`}
      note="By migration, newest first; days in UTC"
      actions={
        rule !== undefined && (
          <button type="button" class="button quiet small" onClick={() => change({ rule: undefined })}>
            All rules
          </button>
        )
      }
    >
      <div class="inline-form list-filters">
        <SearchField
          label="Search findings"
          placeholder="Migration, table or rule"
          value={q}
          onSearch={(text) => change({ q: text || undefined }, true)}
        />
        <div class="toggles">
          {(Object.keys(RESULTS) as FoundResult[]).map((one) => (
            <button
              key={one}
              type="button"
              class="toggle"
              aria-pressed={asked === one}
              onClick={() => change({ result: asked === one ? undefined : one })}
            >
              {RESULTS[one]}{' '}
              <span class="text-quiet">
                {count(ofRule.filter(({ rules }) => rules.some((of) => of.result === one)).length)}
              </span>
            </button>
          ))}
        </div>
      </div>
      {found.length === 0 ? (
        <Empty title={ofRule.length === 0 ? 'No findings' : 'No finding fits'} />
      ) : (
        <LimitedList
          items={found.slice(0, MOST)}
          shown={SHOWN}
          class="findings"
          keyOf={({ check }) => String(check.sequence)}
        >
          {(one) => <Found {...one} />}
        </LimitedList>
      )}
      {found.length > MOST && (
        <p class="note">
          These are the latest {count(MOST)} of {count(found.length)}; choose a rule or a time range.
        </p>
      )}
    </Card>
  );
}

function Found({ check, rules }: CheckFindings) {
  const { file } = check.data;
  return (
    <article class="check-found">
      <header class="check-head">
        <Link to={href(['events'], { event: check.id, type: 'compliance_check' })} class="check-subject">
          {check.data.subject ?? 'unknown'}
        </Link>
        <span class="note">{day(check.timestamp)}</span>
        {typeof file === 'string' && <span class="note check-file">{file}</span>}
      </header>
      {rules.map((of) => (
        <OfRule key={`${of.rule} ${of.result}`} {...of} />
      ))}
    </article>
  );
}

function OfRule({ rule, result, found, advice }: RuleFindings) {
  return (
    <div class="check-rule">
      <p class="check-rule-name">
        <Badge tone={result === 'fail' ? 'error' : 'warning'}>{RESULTS[result]}</Badge>
        <span>{sentence(words(rule))}</span>
      </p>
      <div class="finding-body">
        <ul class="plain-list">
          {found.map(({ text, line }, i) => (
            <li key={i} class="finding-title">
              {text}
              {line !== undefined && <span class="note"> {`line\u00a0${line}`}</span>}
            </li>
          ))}
        </ul>
        {advice && <p class="finding-advice">{sentence(advice)}</p>}
      </div>
    </div>
  );
}
