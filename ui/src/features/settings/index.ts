/** Public components of the settings feature. */
export { SettingsScreen } from "./components/settings-screen";
