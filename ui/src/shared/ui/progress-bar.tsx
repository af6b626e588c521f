/** Progress bar. The width is set through the CSSOM, which a strict style policy allows. */
type ProgressBarProps = { label: string; percent: number; thin?: boolean; className?: string };

export function ProgressBar({ label, percent, thin = false, className = "" }: ProgressBarProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
      className={`overflow-hidden bg-line-2 ${thin ? "h-[3px]" : "h-1"} ${className}`}
    >
      <div
        className="h-full origin-left bg-accent transition-transform duration-(--motion-panel) ease-still"
        style={{ transform: `scaleX(${percent / 100})` }}
      />
    </div>
  );
}
