/** What the app may use of the settings. */
export { SettingsScreen } from "./components/settings-screen";
