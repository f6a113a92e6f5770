import { testGoodReleases } from "./good-releases";

testGoodReleases("first", 1);
