/** Public components of the library feature. */
export { HomeScreen } from "./components/home-screen";
