/** Settings route. It adds the list of exported files, which belongs to the export feature. */
import { AllExports } from "@/features/export";
import { SettingsScreen } from "@/features/settings";

export default function SettingsPage() {
  return <SettingsScreen exports={<AllExports />} />;
}
