/** What the app may use of the library. */
export { FirstDay, FirstShelf } from "./components/first-views";
export { HomeScreen } from "./components/home-screen";
export { PhotosComing } from "./components/photos-coming";
export { FIRST_LIST } from "./addresses";
export { sessionsQuery } from "./queries";
