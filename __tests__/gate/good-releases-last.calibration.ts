import { testGoodReleases } from "./good-releases";

testGoodReleases("last", 11);
