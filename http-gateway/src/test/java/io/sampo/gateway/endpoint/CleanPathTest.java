package io.sampo.gateway.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CleanPathTest {
  @ParameterizedTest
  @CsvSource({
    "/a/b,/a/b",
    "/a.b/C,/a.b/C",
    "/a/.b/,/a/.b/",
    "//a/b,/a/b",
    "/a//b?x=//,/a/b?x=//",
    "/./a/../b/,/b/",
    "/../..,/",
    "/a/.,/a"
  })
  void emptySegmentsAndDotsGo(String path, String clean) {
    assertEquals(clean, CleanPath.ofTarget(path));
  }
}
