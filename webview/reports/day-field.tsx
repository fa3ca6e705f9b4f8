interface DayFieldProps {
  label: string;
  /** `2026-11-01`, or nothing. */
  value: string | undefined;
  onValue: (day: string | undefined) => void;
}

/** A day in UTC. */
export function DayField({ label, value, onValue }: DayFieldProps) {
  return (
    <label>
      {label}{' '}
      <input
        type="date"
        value={value ?? ''}
        onChange={({ currentTarget }) => onValue(currentTarget.value || undefined)}
      />
    </label>
  );
}
