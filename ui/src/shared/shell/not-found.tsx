/** Full page for an unknown URL. */
import { Link } from "wouter";
import { useTranslation } from "../i18n/translation";
import { PageBar } from "./page-bar";

export function NotFound({ title }: { title?: string }) {
  const { t } = useTranslation();
  return (
    <>
      <PageBar />
      <main className="grid min-h-[60dvh] place-content-center gap-4 px-6 text-center">
        <h1 className="text-title font-semibold">{title ?? t.problem.notFoundPage}</h1>
        <p>
          <Link
            href="/"
            className="inline-flex h-9 items-center rounded-control bg-accent px-4 font-semibold text-accent-ink hover:opacity-92 pointer-coarse:h-11"
          >
            {t.problem.toProducts}
          </Link>
        </p>
      </main>
    </>
  );
}
