/** The settings with the list of exported files, which are a feature of their own. */
import { AllExports } from "@/features/export";
import { SettingsScreen } from "@/features/settings";

export default function SettingsPage() {
  return <SettingsScreen exports={<AllExports />} />;
}
