/** What the shapes mean. */
export function Legend() {
  return (
    <div className="legend">
      <span>
        <svg viewBox="0 0 18 10" aria-hidden="true">
          <rect x="0" y="1" width="18" height="8" rx="2" fill="var(--good-soft)" />
          <rect x="0" y="7" width="18" height="2" fill="var(--good)" />
        </svg>
        a step, as long as it took
      </span>
      <span>
        <svg viewBox="0 0 18 10" aria-hidden="true">
          <rect x="0" y="1" width="18" height="8" rx="2" fill="var(--bad-soft)" />
          <rect x="0" y="1" width="3" height="8" fill="var(--bad)" />
        </svg>
        failed or failing
      </span>
      <span>
        <svg viewBox="0 0 18 10" aria-hidden="true">
          <circle cx="5" cy="5" r="3.500" fill="var(--normal)" />
          <path d="M14 1l4 8h-8z" fill="var(--warning)" />
        </svg>
        Event, Warning
      </span>
      <span>
        <svg viewBox="0 0 18 10" aria-hidden="true">
          <path d="M1 10V6h3v4zM5 10V2h3v8zM9 10V4h3v6z" fill="var(--normal)" />
          <path d="M13 10V1h3v9z" fill="var(--warning)" />
        </svg>
        how many
      </span>
      <span>
        <svg viewBox="0 0 18 10" aria-hidden="true">
          <path d="M9 0l5 5-5 5-5-5z" fill="var(--change)" />
        </svg>
        something was changed
      </span>
      <span>
        <svg viewBox="0 0 18 10" aria-hidden="true">
          <path d="M0 10 9 0M6 10l9-10M12 10l6-7" stroke="var(--line-strong)" />
        </svg>
        nobody listened
      </span>
    </div>
  );
}
