/** Language and theme switches of the top bars. */
import { useTranslation } from "../i18n/translation";
import { themes, useTheme } from "../hooks/use-theme";
import { IconButton } from "../ui/button";

export function LanguageSwitch() {
  const { t, locale, setLocale } = useTranslation();
  return (
    <IconButton
      name="language"
      label={t.common.languageSwitch}
      lang={t.common.languageSwitchLang}
      onClick={() => setLocale(locale === "zh" ? "en" : "zh")}
    />
  );
}

export function ThemeSwitch() {
  const { t } = useTranslation();
  const [theme, setTheme] = useTheme();
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
  const names = { system: t.common.themeSystem, light: t.common.themeLight, dark: t.common.themeDark };
  return <IconButton name={theme} label={t.common.themeNow(names[theme])} onClick={() => setTheme(next)} />;
}
