/** What the app may use of the library. */
export { HomeScreen } from "./components/home-screen";
