package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.SharedServer;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** etcdctl put, get, del, txn. */
@RequiresTool("etcdctl")
class EtcdctlKeyValueTest {

  @RegisterExtension static final SharedServer SHARED = SharedServer.withFlags();

  private static Etcdctl etcdctl;

  @BeforeAll
  static void connect() {
    etcdctl = new Etcdctl(SHARED.server());
  }

  @Test
  void aValueIsReadBack() {
    assertEquals(List.of("OK"), etcdctl.lines("put", "greeting", "hello"));
    assertEquals(List.of("greeting", "hello"), etcdctl.lines("get", "greeting"));
    assertEquals(List.of("hello"), etcdctl.lines("get", "greeting", "--print-value-only"));
    assertEquals(List.of(), etcdctl.lines("get", "nothing"));
  }

  @Test
  void everyOutputFormatIsUnderstood() {
    long revision = etcdctl.put("format", "v");
    JsonObject kv =
        etcdctl
            .json("get", "format")
            .getAsJsonObject()
            .getAsJsonArray("kvs")
            .get(0)
            .getAsJsonObject();
    assertEquals("Zm9ybWF0", kv.get("key").getAsString());
    assertEquals(revision, kv.get("mod_revision").getAsLong());
    assertEquals(1, kv.get("version").getAsLong());
    assertTrue(
        etcdctl.lines("get", "format", "-w", "fields").contains("\"ModRevision\" : " + revision));
    assertEquals(List.of("\\x66\\x6f", "\\x31"), hex("fo", "1"));
    assertTrue(etcdctl.run("get", "format", "-w", "protobuf").succeeded().out().contains("format"));
  }

  private static List<String> hex(String key, String value) {
    etcdctl.put(key, value);
    return etcdctl.lines("get", key, "--hex");
  }

  @Test
  void rangesAreChosenByPrefixEndAndFromKey() {
    for (String key : List.of("r/a", "r/b", "r/c", "s")) {
      etcdctl.put(key, key);
    }
    assertEquals(List.of("r/a", "r/b", "r/c"), keys("get", "r/", "--prefix"));
    assertEquals(List.of("r/a", "r/b"), keys("get", "r/a", "r/c"));
    assertEquals(List.of("r/c", "s"), keys("get", "r/c", "--from-key", "--limit", "2"));
    assertEquals(List.of("r/a", "r/b"), keys("get", "r/", "--prefix", "--limit", "2"));
    assertTrue(
        etcdctl
            .lines("get", "r/", "--prefix", "--limit", "1", "-w", "fields")
            .containsAll(List.of("\"More\" : true", "\"Count\" : 3")));
    assertEquals(List.of("r/a", "r/b", "r/c"), keys("get", "r/", "--prefix", "--consistency=s"));
    assertEquals(List.of(), keys("get", "r/c", "r/a"));
  }

  @Test
  void listsAreSorted() {
    etcdctl.put("sort/b", "1");
    etcdctl.put("sort/c", "3");
    etcdctl.put("sort/a", "2");
    etcdctl.put("sort/c", "0");
    String[] base = {"get", "sort/", "--prefix"};
    assertEquals(List.of("sort/c", "sort/b", "sort/a"), keys(base, "KEY", "DESCEND"));
    assertEquals(List.of("sort/c", "sort/a", "sort/b"), keys(base, "MODIFY", "DESCEND"));
    assertEquals(List.of("sort/b", "sort/c", "sort/a"), keys(base, "CREATE", "ASCEND"));
    assertEquals(List.of("sort/c", "sort/b", "sort/a"), keys(base, "VALUE", "ASCEND"));
    assertEquals("sort/c", keys(base, "VERSION", "DESCEND").get(0));
  }

  private static List<String> keys(String[] base, String by, String order) {
    return keys(base[0], base[1], base[2], "--sort-by", by, "--order", order);
  }

  private static List<String> keys(String... words) {
    List<String> all = new java.util.ArrayList<>(List.of(words));
    all.add("--keys-only");
    return etcdctl.lines(all.toArray(String[]::new)).stream()
        .filter(line -> !line.isEmpty())
        .toList();
  }

  @Test
  void olderRevisionsAreRead() {
    long first = etcdctl.put("old", "1");
    etcdctl.put("old", "2");
    String rev = "--rev=" + first;
    assertEquals(List.of("1"), etcdctl.lines("get", "old", rev, "--print-value-only"));
    String error = etcdctl.run("get", "old", "--rev=1000000").failed().err();
    assertTrue(error.contains("etcdserver: mvcc: required revision is a future revision"), error);
  }

  @Test
  void putOptions() {
    etcdctl.put("opt", "1");
    assertEquals(List.of("OK", "opt", "1"), etcdctl.lines("put", "opt", "2", "--prev-kv"));
    assertEquals(List.of("OK"), etcdctl.lines("put", "opt", "--ignore-value"));
    assertEquals(List.of("opt", "2"), etcdctl.lines("get", "opt"));
    assertEquals(List.of("OK"), etcdctl.lines("put", "opt", "3", "--ignore-lease"));
    assertError("key not found", "put", "no-such-key", "--ignore-value");
    assertError("requested lease not found", "put", "opt", "x", "--lease=1234");
    assertError("key is not provided", "put", "", "x");
    assertEquals(List.of("opt", "3"), etcdctl.lines("get", "opt"));
    assertEquals(List.of("OK"), etcdctl.typed("from stdin", "put", "typed").succeeded().lines());
    assertEquals(List.of("typed", "from stdin"), etcdctl.lines("get", "typed"));
  }

  @Test
  void deletes() {
    for (String key : List.of("del/a", "del/b", "del/c", "del/d")) {
      etcdctl.put(key, "v-" + key);
    }
    assertEquals(List.of("1", "del/a", "v-del/a"), etcdctl.lines("del", "del/a", "--prev-kv"));
    assertEquals(List.of("0"), etcdctl.lines("del", "del/a"));
    assertEquals(List.of("1"), etcdctl.lines("del", "del/b", "del/c"));
    assertEquals(List.of("2"), etcdctl.lines("del", "del/", "--prefix"));
    long revision = etcdctl.put("zz/last", "1");
    assertEquals(List.of("1"), etcdctl.lines("del", "zz/", "--from-key"));
    assertEquals(revision + 1, etcdctl.revision());
  }

  @Test
  void transactionsTakeOneBranch() {
    etcdctl.put("txn", "1");
    String script = "value(\"txn\") = \"1\"\n\nput txn 2\nget txn\n\nput txn never\n\n";
    List<String> taken = etcdctl.typed(script, "txn", "-i").succeeded().lines();
    assertTrue(taken.contains("SUCCESS"), taken::toString);
    List<String> refused = etcdctl.typed(script, "txn", "-i").succeeded().lines();
    assertTrue(refused.contains("FAILURE"), refused::toString);
    assertEquals(List.of("txn", "never"), etcdctl.lines("get", "txn"));
  }

  @Test
  void everyCompareTargetIsUnderstood() {
    long revision = etcdctl.put("cmp", "5");
    String compares =
        "mod(\"cmp\") = \"%d\"\ncreate(\"cmp\") > \"1\"\nversion(\"cmp\") < \"2\"\nvalue(\"cmp\") = \"5\"\n\n"
            .formatted(revision);
    List<String> lines = etcdctl.typed(compares + "del cmp\n\n\n", "txn", "-i").succeeded().lines();
    assertTrue(lines.contains("SUCCESS"), lines::toString);
    assertEquals(List.of(), etcdctl.lines("get", "cmp"));
  }

  private static void assertError(String text, String... words) {
    String error = etcdctl.run(words).failed().err();
    assertTrue(error.contains("etcdserver: " + text), error);
  }
}
