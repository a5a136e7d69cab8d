package io.sampo.node.failpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** gofail's interface: what is set, said and refused, in its words. */
class SwitchboardTest {
  private static final String NAME = "raftBeforeSave";

  private final List<String> crashes = new ArrayList<>();
  private final Switchboard switchboard = new Switchboard(() -> 0.5, crashes::add);

  @AfterEach
  void clear() {
    Arrays.stream(Failpoint.values()).forEach(failpoint -> failpoint.set(null));
  }

  @Test
  void whatIsSetIsShownAndCounted() {
    assertEquals(204, ask("PUT", "/" + NAME, "print").status());
    assertEquals("print\n", ask("GET", "/" + NAME, "").body());
    assertFalse(Failpoint.RAFT_BEFORE_SAVE.terms().evaluate());
    assertEquals(new Switchboard.Answer(200, "1"), ask("GET", "/" + NAME + "/count", ""));
    List<String> lines = ask("GET", "/", "").body().lines().toList();
    assertTrue(lines.contains(NAME + "=print"));
    assertTrue(lines.contains("raftAfterSave="));
    assertEquals(lines.stream().sorted().toList(), lines);
    assertEquals(204, ask("DELETE", "/" + NAME, "").status());
    assertEquals(
        new Switchboard.Answer(404, "failed to GET: failpoint: failpoint is disabled\n\n"),
        ask("GET", "/" + NAME, ""));
  }

  @Test
  void severalAreSetAtOnce() {
    ask("PUT", "/failpoints", "raftBeforeSave=off;raftAfterSave=sleep(1);");
    assertEquals("off", Failpoint.RAFT_BEFORE_SAVE.terms().text());
    assertEquals("sleep(1)", Failpoint.RAFT_AFTER_SAVE.terms().text());
  }

  @Test
  void whatIsWrongIsSaid() {
    assertEquals(
        error(400, "fail to set failpoint: failpoint: failpoint does not exist"),
        ask("PUT", "/defragBeforeCopy", "panic"));
    assertEquals(
        error(400, "fail to set failpoint: failpoint: could not parse terms"),
        ask("PUT", "/" + NAME, "explode"));
    assertEquals(
        error(400, "fail to parse failpoint: bad failpoint \"a\""), ask("PUT", "/failpoints", "a"));
    assertEquals(
        error(404, "failed to GET: failpoint: failpoint does not exist"),
        ask("GET", "/nowhere/count", ""));
    assertEquals(
        error(500, "failed to GET: failpoint: failpoint is disabled"),
        ask("GET", "/" + NAME + "/count", ""));
    assertEquals(
        error(400, "failed to delete failpoint failpoint: failpoint is disabled"),
        ask("DELETE", "/" + NAME, ""));
    assertEquals(error(405, "Method not allowed"), ask("POST", "/" + NAME, ""));
  }

  @Test
  void theVariableSetsWhatThereIs() {
    switchboard.setKnown(Map.of(NAME, "off", "nowhere", "panic", "raftAfterSave", "explode"));
    assertEquals("off", Failpoint.RAFT_BEFORE_SAVE.terms().text());
    assertEquals(null, Failpoint.RAFT_AFTER_SAVE.terms());
  }

  @Test
  void aChainGoesOnWhenATermIsUsedUp() {
    Terms terms = terms("2*return->1*panic(\"gone\")->off");
    assertTrue(terms.evaluate());
    assertTrue(terms.evaluate());
    assertFalse(terms.evaluate());
    assertEquals(List.of("failpoint panic: gone"), crashes);
    assertFalse(terms.evaluate());
    assertEquals(4, terms.evaluations());
  }

  @Test
  void chanceDecidesWherePercentSayIt() {
    assertTrue(terms("50.0%return").evaluate());
    assertFalse(terms("49.9%return(\"x\")").evaluate());
    assertEquals(0, terms("49.9%return(true)").evaluations());
    terms("panic").evaluate();
    assertEquals(List.of("failpoint panic: {}"), crashes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "3*", "3%off", "1.5*off", "off->", "off off", "sleep(", "return(x)", "2*3"})
  void whatIsNotItsLanguageIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> terms(text));
  }

  private Terms terms(String text) {
    return Terms.parse(Failpoint.RAFT_BEFORE_SAVE, text, () -> 0.5, crashes::add);
  }

  private Switchboard.Answer ask(String method, String path, String body) {
    return switchboard.answer(method, path, body);
  }

  private static Switchboard.Answer error(int status, String text) {
    return new Switchboard.Answer(status, text + "\n");
  }
}
