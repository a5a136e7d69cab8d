package io.sampo.node.peer;

import io.sampo.node.edge.Answers;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.state.membership.MemberIds;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The members that this one is connected with; the parent of them all. Whoever applies membership
 * changes tells it each of them, in order, after it has taken effect.
 */
public final class Peers extends AbstractBehavior<Peers.Command> {

  /** What the membership has become. This member's own id is passed over. */
  public sealed interface Command {}

  /**
   * A member was added.
   *
   * @param urls its advertised peer URLs
   */
  public record Add(long id, List<String> urls) implements Command {
    public Add {
      urls = List.copyOf(urls);
    }
  }

  /** A member's URLs have changed. */
  public record Update(long id, List<String> urls) implements Command {
    public Update {
      urls = List.copyOf(urls);
    }
  }

  /** A member was removed: its connections end. */
  public record Remove(long id) implements Command {}

  /**
   * The members after a start, or after a leader's snapshot was installed.
   *
   * @param members URLs by id
   */
  public record Replace(Map<Long, List<String>> members) implements Command {
    public Replace {
      members = Map.copyOf(members);
    }
  }

  /** Somebody unknown says where it can be reached. */
  record AddRemote(long id, String urls) implements Command {}

  /**
   * What the connections need.
   *
   * @param removed told, perhaps often, that a peer refused us as a removed member
   * @param answers where Raft's answers become futures
   */
  public record Environment(
      PeerSettings settings,
      PeerConnections connections,
      SnapshotSource snapshots,
      LongSupplier currentMillis,
      Runnable removed,
      Answers answers) {}

  private record Entry(List<String> urls, ActorRef<PeerActor.Command> actor) {}

  private final PeerNetwork network;
  private final Environment environment;
  private final SortedMap<Long, Entry> members = new TreeMap<>(Long::compareUnsigned);
  private final Map<Long, ActorRef<PeerActor.Command>> remotes = new HashMap<>();

  /** Begins at once; members are added by command. */
  public static Behavior<Command> create(
      PeerNetwork network, ActorRef<RaftCommand> raft, Environment environment) {
    return Behaviors.setup(
        context -> {
          network.begin(raft, context.getSelf(), environment.answers());
          return new Peers(context, network, environment);
        });
  }

  private Peers(ActorContext<Command> context, PeerNetwork network, Environment environment) {
    super(context);
    this.network = network;
    this.environment = environment;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Add.class, add -> onAdd(add.id(), add.urls()))
        .onMessage(Update.class, update -> onUpdate(update.id(), update.urls()))
        .onMessage(Remove.class, remove -> onRemove(remove.id()))
        .onMessage(Replace.class, this::onReplace)
        .onMessage(AddRemote.class, this::onAddRemote)
        .build();
  }

  private Behavior<Command> onAdd(long id, List<String> urls) {
    if (id == network.identity().memberId() || members.containsKey(id)) {
      return this;
    }
    dropRemote(id);
    List<URI> usable = usable(id, urls);
    if (!usable.isEmpty()) {
      members.put(id, new Entry(urls, spawn(id, usable, true)));
      log("added remote peer", id, urls);
    }
    return this;
  }

  private Behavior<Command> onUpdate(long id, List<String> urls) {
    Entry entry = members.get(id);
    if (entry == null || entry.urls().equals(urls)) {
      return this;
    }
    List<URI> usable = usable(id, urls);
    if (!usable.isEmpty()) {
      entry.actor().tell(new PeerActor.Update(usable));
      members.put(id, new Entry(urls, entry.actor()));
      log("updated remote peer", id, urls);
    }
    return this;
  }

  /** The log may name URLs that nobody can dial: whoever proposed them has not looked. */
  private List<URI> usable(long id, List<String> urls) {
    List<URI> usable = new ArrayList<>();
    for (String url : urls) {
      try {
        usable.addAll(PeerUrls.parse(List.of(url)));
      } catch (IllegalArgumentException badUrl) {
        getContext()
            .getLog()
            .atError()
            .addKeyValue("remote-peer-id", MemberIds.format(id))
            .addKeyValue("error", badUrl.getMessage())
            .log("cannot dial a member's peer URL");
      }
    }
    return usable;
  }

  private Behavior<Command> onRemove(long id) {
    dropRemote(id);
    Entry entry = members.remove(id);
    if (entry != null) {
      stop(entry.actor());
      log("removed remote peer", id, entry.urls());
    }
    return this;
  }

  /** Connections to members that stay are kept. */
  private Behavior<Command> onReplace(Replace replace) {
    List<Long> gone =
        members.keySet().stream().filter(id -> !replace.members().containsKey(id)).toList();
    gone.forEach(this::onRemove);
    replace
        .members()
        .forEach(
            (id, urls) -> {
              onUpdate(id, urls);
              onAdd(id, urls);
            });
    return this;
  }

  private Behavior<Command> onAddRemote(AddRemote add) {
    boolean known =
        members.containsKey(add.id())
            || remotes.containsKey(add.id())
            || add.id() == network.identity().memberId();
    if (known || remotes.size() >= environment.settings().maxRemotes()) {
      return this;
    }
    try {
      List<String> urls = List.of(add.urls().split(","));
      remotes.put(add.id(), spawn(add.id(), PeerUrls.parse(urls), false));
      log("added new remote peer", add.id(), urls);
    } catch (IllegalArgumentException badUrl) {
      getContext()
          .getLog()
          .atWarn()
          .addKeyValue("remote-peer-id", MemberIds.format(add.id()))
          .addKeyValue("error", badUrl.getMessage())
          .log("ignored the peer URLs of an unknown sender");
    }
    return this;
  }

  private void dropRemote(long id) {
    ActorRef<PeerActor.Command> remote = remotes.remove(id);
    if (remote != null) {
      stop(remote);
    }
  }

  private ActorRef<PeerActor.Command> spawn(long id, List<URI> urls, boolean member) {
    PeerMetrics.OfPeer metrics = network.metrics().peer(id);
    PeerLink link =
        new PeerLink(
            id,
            network.identity(),
            environment.settings(),
            environment.connections(),
            new UrlPicker(urls),
            new PeerStatus(id, network.nanoTime(), metrics, network::statusChanged),
            metrics,
            network.inbox(),
            environment.snapshots(),
            network.nanoTime(),
            environment.currentMillis(),
            environment.removed());
    // No name: the actor of an earlier membership may still be on its way out.
    ActorRef<PeerActor.Command> actor =
        getContext()
            .spawnAnonymous(
                PeerActor.create(
                    link, member, peer -> network.register(peer, member), network::unregister));
    getContext().watch(actor);
    return actor;
  }

  private void stop(ActorRef<PeerActor.Command> actor) {
    getContext().unwatch(actor);
    getContext().stop(actor);
  }

  private void log(String message, long id, List<String> urls) {
    getContext()
        .getLog()
        .atInfo()
        .addKeyValue("local-member-id", MemberIds.format(network.identity().memberId()))
        .addKeyValue("remote-peer-id", MemberIds.format(id))
        .addKeyValue("remote-peer-urls", urls)
        .log(message);
  }
}
